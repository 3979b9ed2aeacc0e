"""Prints how good each shipped headline model is on the part it has not seen, and how fast on one thread.

Usage: measure.py WORK_DIR MODEL_DIR SHARED_DATA_DIR
"""

import collections
import csv
import re
import sys
import time

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import headlines
import model_files
import sentiment_contract


def lexicon_accuracy(path, rows, truth):
    """Loughran-McDonald: sign of positive minus negative words."""
    words = collections.defaultdict(set)
    with open(path, encoding="utf8") as file:
        for row in csv.DictReader(file):
            words[row["category"]].add(row["word"])
    def score(text):
        found = re.findall("[a-z]+", text.lower())
        return 1 + np.sign(sum(w in words["positive"] for w in found) - sum(w in words["negative"] for w in found))
    return np.mean([score(row["text"]) == label for row, label in zip(rows, truth)])


def vader_accuracy(rows, truth):
    """VADER, a lexicon library with rules for negation and emphasis; its own bounds for neutral."""
    analyser = SentimentIntensityAnalyzer()
    scores = np.array([analyser.polarity_scores(row["text"])["compound"] for row in rows])
    return np.mean(1 + (scores >= 0.05) - (scores <= -0.05) == truth)


def speed(content, tokens):
    score = model_files.scorer(content)
    times = []
    for row in tokens[:600]:
        began = time.perf_counter()
        score({"tokens": row[None].astype(np.float32)})
        times.append((time.perf_counter() - began) * 1e3)
    began = time.perf_counter()
    score({"tokens": tokens[:256].astype(np.float32)})
    batch = (time.perf_counter() - began) * 1e3 / 256
    middle, slow = np.percentile(times[50:], [50, 99])
    return f"ms a headline: p50 {middle:.2f}, p99 {slow:.2f}; in a batch of 256: {batch:.3f}"


def lexicons(work, shared, part):
    for name in ("sentfin", "sentfin_entity"):
        _, truth, _, rows = headlines.read(f"{work}/{name}.jsonl", part)
        majority = np.bincount(truth).max() / len(truth)
        lexicon = lexicon_accuracy(f"{shared}/sentiment/loughran_mcdonald_2018.csv", rows, truth)
        vader = vader_accuracy(rows, truth)
        print(f"{part} {name}: majority {majority:.4f}, Loughran-McDonald {lexicon:.4f}, VADER {vader:.4f}")


def main(work, folder, shared):
    for version, part in sentiment_contract.UNSEEN.items():
        lexicons(work, shared, part)
        with open(f"{folder}/{version}/model.onnx", "rb") as file:
            content = file.read()
        print(f"version {version}, {len(content)} bytes")
        headlines.report(lambda tokens: sentiment_contract.predictions(content, tokens), work, part)
        for name in ("fiqa", "twitter"):
            others, labels, scores, _ = headlines.read(f"{work}/{name}.jsonl")
            answer = sentiment_contract.predictions(content, others)
            known = headlines.correlation(answer, scores) if labels is None else headlines.measures(answer, labels)
            print(" ", name, known)
        print(" ", speed(content, headlines.read(f"{work}/sentfin_entity.jsonl", part)[0]))


if __name__ == "__main__":
    main(*sys.argv[1:4])
