"""What every version of the headline model takes and gives, its golden cases and its measured quality."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import headlines
import model_files

#: The common golden cases (golden.csv) ask any version for the right side, not for a number.
GOLDEN_TOLERANCE = 0.45
#: A version's own golden answers: exact for the n-grams; integer products may round one step apart between
#: processors, which a probability shows in its third digit.
EXACT_TOLERANCE = {1: 1e-4, 2: 0.01}


def graph(nodes, constants):
    return helper.make_graph(
        nodes,
        "sentiment",
        [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["rows", headlines.LENGTH])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["rows", 3])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )


def contract(cases, version):
    return {
        "name": "sentiment",
        "platform": "onnxruntime_onnx",
        "description": "Sentiment of a headline for the company between the markers (or as a whole).",
        "labels": headlines.LABELS,
        "inputs": [{"name": "tokens", "datatype": "FP32", "shape": [-1, headlines.LENGTH], "min": 0, "max": 30521}],
        "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, 3], "min": 0, "max": 1, "sumTo": 1}],
        "golden": [
            {
                "inputs": {"tokens": [case["tokens"]]},
                "outputs": {"probabilities": [[float(case["label"] == label) for label in headlines.LABELS]]},
                "tolerance": GOLDEN_TOLERANCE,
            }
            for case in cases
        ],
        "exactTolerance": EXACT_TOLERANCE[version],
    }


def publish(work, folder, version, content):
    """Prints the quality table's row and writes config.json."""
    for name in ("sentfin", "sentfin_entity"):
        tokens, labels, _, _ = headlines.read(f"{work}/{name}.jsonl", "heldOut")
        print(name, headlines.measures(predictions(content, tokens), labels))
    for name in ("fiqa", "twitter"):
        tokens, labels, scores, _ = headlines.read(f"{work}/{name}.jsonl")
        found = predictions(content, tokens)
        print(name, headlines.correlation(found, scores) if labels is None else headlines.measures(found, labels))
    cases = headlines.read(f"{work}/golden.jsonl")[3]
    for case in cases:
        answer = predictions(content, np.array([case["tokens"]]))[0]
        print(f"  {case['text']} [{case['entity']}] {case['label']}: {answer.round(3)}")
    model_files.describe(folder, version, content, contract(cases, version), [case["tokens"] for case in cases])


def predictions(content, tokens):
    score = model_files.scorer(content)
    chunks = np.array_split(tokens, max(1, len(tokens) // 64))
    return np.concatenate([score({"tokens": chunk.astype(np.float32)}) for chunk in chunks])
