"""What every version of the headline model takes and gives and its golden cases."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import headlines
import model_files

#: The common golden cases (golden.csv) ask any version for the right side, not for a number.
GOLDEN_TOLERANCE = 0.45
#: A version's own golden answers: exact for the n-grams; integer products may round one step apart between
#: processors, which a probability shows in its third digit.
EXACT_TOLERANCE = {1: 1e-4, 3: 0.01}
#: The part of SEntFiN that a version has not seen, and is measured on.
UNSEEN = {1: "heldOut", 3: "final"}


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
    """Prints the answers to the golden cases and writes config.json."""
    cases = headlines.read(f"{work}/golden.jsonl")[3]
    for case in cases:
        answer = predictions(content, np.array([case["tokens"]]))[0]
        print(f"  {case['text']} [{case['entity']}] {case['label']}: {answer.round(3)}")
    model_files.describe(folder, version, content, contract(cases, version), [case["tokens"] for case in cases])


def predictions(content, tokens):
    score = model_files.scorer(content)
    chunks = np.array_split(tokens, max(1, len(tokens) // 64))
    return np.concatenate([score({"tokens": chunk.astype(np.float32)}) for chunk in chunks])
