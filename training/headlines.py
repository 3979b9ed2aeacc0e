"""Labelled headlines as exportHeadlines.ts wrote them, and the measures both models are judged by."""

import collections
import json

import numpy as np

LABELS = ["negative", "neutral", "positive"]
LENGTH = 64


def read(path, *parts):
    """(tokens int64 [n, 64], labels int64 [n] or None, scores float [n] or None, rows), of these parts or of all."""
    with open(path, encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if not parts or row["part"] in parts]
    tokens = np.array([row["tokens"] for row in rows], np.int64)
    labelled = rows[0]["label"] is not None
    labels = np.array([LABELS.index(row["label"]) for row in rows]) if labelled else None
    scores = None if labelled else np.array([row["score"] for row in rows])
    return tokens, labels, scores, rows


def measures(probabilities, labels):
    """Accuracy, macro-F1, log loss and expected calibration error (10 equal bins of confidence)."""
    guess = probabilities.argmax(1)
    f1 = []
    for label in range(3):
        hit = np.sum((guess == label) & (labels == label))
        f1.append(2 * hit / max(1, np.sum(guess == label) + np.sum(labels == label)))
    confidence = probabilities.max(1)
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = [
        np.sum(bins == b) * abs((guess == labels)[bins == b].mean() - confidence[bins == b].mean())
        for b in range(10)
        if np.any(bins == b)
    ]
    chosen = np.clip(probabilities[np.arange(len(labels)), labels], 1e-9, 1)
    return {
        "rows": len(labels),
        "accuracy": round(float((guess == labels).mean()), 4),
        "macroF1": round(float(np.mean(f1)), 4),
        "logLoss": round(float(-np.log(chosen).mean()), 4),
        "calibrationError": round(float(sum(gaps) / len(labels)), 4),
    }


def conflicting(rows):
    """Rows of headlines whose companies have different labels: where knowing the company is everything."""
    labels = collections.defaultdict(set)
    for row in rows:
        labels[row["text"]].add(row["label"])
    return np.array([len(labels[row["text"]]) > 1 for row in rows])


def report(predict, work, *parts):
    """Prints how good the model is on these parts of SEntFiN: by headline, by company, and where companies differ."""
    for name in ("sentfin", "sentfin_entity"):
        tokens, truth, _, rows = read(f"{work}/{name}.jsonl", *parts)
        found = predict(tokens)
        print("/".join(parts), name, measures(found, truth), flush=True)
    hard = conflicting(rows)
    print("/".join(parts), "conflicting", measures(found[hard], truth[hard]), flush=True)


def correlation(probabilities, scores):
    """Pearson r of p(positive) − p(negative) with a published score, and how often the signs agree."""
    ours = probabilities[:, 2] - probabilities[:, 0]
    opinion = scores != 0
    return {
        "rows": len(scores),
        "r": round(float(np.corrcoef(ours, scores)[0, 1]), 4),
        "sameSign": round(float((np.sign(ours) == np.sign(scores))[opinion].mean()), 4),
    }


def best_temperature(logits, labels):
    """The divisor of the logits with the least log loss: calibration that keeps every ranking."""
    def loss(temperature):
        z = logits / temperature
        z = z - z.max(1, keepdims=True)
        return float((np.log(np.exp(z).sum(1)) - z[np.arange(len(labels)), labels]).mean())
    return min(np.arange(0.5, 3.01, 0.02), key=loss)
