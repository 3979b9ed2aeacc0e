"""Writes version 3 of the headline model: the mean opinion of the fine-tuned runs, calibrated, in int8.

The graph cuts the batch to its longest headline before anything costly. Weights are int8 with a scale per
column; what they are multiplied with is int8 with a scale per word piece, so that a headline's score does not
depend on its neighbours (one scale for the whole batch moved it by up to 0.04).
Usage: minilm_export.py WORK_DIR MODEL_DIR SEED...
"""

import sys

import numpy as np
import torch
from onnx import TensorProto, helper

import headlines
import minilm_network
import model_files
import sentiment_contract

VERSION = 3
HEADS, WIDTH, HEAD = 12, 384, 32


class Graph:
    """Collects nodes and constants; every call returns the name of its result."""

    def __init__(self):
        self.nodes, self.constants = [], {}

    def constant(self, value, name=None):
        name = name or f"c{len(self.constants)}"
        self.constants[name] = np.asarray(value)
        return name

    def __call__(self, op, *inputs, **attributes):
        name = f"n{len(self.nodes)}"
        names = [given if isinstance(given, str) else self.constant(given) for given in inputs]
        self.nodes.append(helper.make_node(op, names, [name], **attributes))
        return name


def f32(value):
    return np.asarray(value, np.float32)


def normalise(g, x, scale, shift):
    return g("LayerNormalization", x, f32(scale), f32(shift), axis=-1, epsilon=1e-12)


def seven_bits(g, table):
    """(int8 constant, float scales) of a matrix, one scale a column. Seven bits of the eight: processors without
    8-bit dot products add two products in 16 bits, and 255 · 64 · 2 still fits there."""
    scale = np.maximum(np.abs(table).max(0, keepdims=True) / 64, 1e-9)
    return g.constant(np.clip(np.round(table / scale), -64, 64).astype(np.int8)), f32(scale)


def per_piece(g, x):
    """(uint8 around 128, float step per word piece) of activations [rows, pieces, width]."""
    peak = g("ReduceMax", g("Abs", x), axes=[-1], keepdims=1)
    step = g("Max", g("Mul", peak, f32(1 / 127)), f32(1e-9))
    return g("Cast", g("Add", g("Round", g("Div", x, step)), f32(128)), to=TensorProto.UINT8), step


def product(g, pieces, layer):
    small, step = pieces
    weight, scale = seven_bits(g, f32(layer["w"]))
    whole = g("Cast", g("MatMulInteger", small, weight, np.array(128, np.uint8)), to=TensorProto.FLOAT)
    return g("Add", g("Mul", g("Mul", whole, step), scale), f32(layer["b"]))


def dense(g, x, layer):
    return product(g, per_piece(g, x), layer)


def attention(g, x, penalty, layer):
    pieces = per_piece(g, x)

    def split(name, order):
        shaped = g("Reshape", product(g, pieces, layer[name]), np.array([0, 0, HEADS, HEAD]))
        return g("Transpose", shaped, perm=order)

    q, k, v = split("q", [0, 2, 1, 3]), split("k", [0, 2, 3, 1]), split("v", [0, 2, 1, 3])
    scores = g("Add", g("Mul", g("MatMul", q, k), f32(HEAD**-0.5)), penalty)
    mixed = g("Transpose", g("MatMul", g("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    return dense(g, g("Reshape", mixed, np.array([0, 0, WIDTH])), layer["o"])


def gelu(g, x):
    return g("Mul", g("Mul", x, f32(0.5)), g("Add", g("Erf", g("Mul", x, f32(2**-0.5))), f32(1)))


def word_vectors(g, ids, words):
    """The published table in four bits, two to a byte: the first half of a row low, the second high."""
    fours, scales = minilm_network.in_four_bits(words)
    low, high = np.split((fours + 8).astype(np.uint8), 2, axis=1)
    both = g("Cast", g("Gather", low + 16 * high, ids), to=TensorProto.INT32)
    upper = g("Div", both, np.array(16, np.int32))
    lower = g("Sub", both, g("Mul", upper, np.array(16, np.int32)))
    values = g("Sub", g("Cast", g("Concat", lower, upper, axis=-1), to=TensorProto.FLOAT), f32(8))
    grouped = g("Reshape", values, np.array([0, 0, scales.shape[1], -1]))
    scale = g("Cast", g("Gather", scales.astype(np.float16), ids), to=TensorProto.FLOAT)
    return g("Reshape", g("Mul", grouped, g("Unsqueeze", scale, np.array([3]))), np.array([0, 0, WIDTH]))


def embedded(g, headline, parameters):
    column = lambda flag: g("Unsqueeze", flag, np.array([2]))  # noqa: E731
    start, end = column(headline["start"]), column(headline["end"])
    kept = g("Sub", g("Sub", f32(1), start), end)
    x = g("Mul", headline["words"], kept)
    for flag, marker in zip((start, end), parameters["markers"]):
        x = g("Add", x, g("Mul", flag, f32(marker)))
    positions = g("Slice", f32(parameters["positions"]), np.array([0]), headline["length"], np.array([0]))
    return normalise(g, g("Add", x, positions), parameters["scale"], parameters["shift"])


def share_mean(g, x, share):
    total = g("ReduceSum", g("Mul", x, g("Unsqueeze", share, np.array([2]))), np.array([1]), keepdims=0)
    return g("Div", total, g("Max", g("ReduceSum", share, np.array([1]), keepdims=1), f32(1)))


def headline_nodes(g, words):
    """What every run reads: the batch cut to its longest headline, masks and word vectors."""
    all_ids = g("Cast", "tokens", to=TensorProto.INT64)
    all_pieces = g("Cast", g("Cast", all_ids, to=TensorProto.BOOL), to=TensorProto.INT64)
    longest = g("ReduceMax", g("ReduceSum", all_pieces, np.array([1]), keepdims=0), keepdims=0)
    length = g("Max", g("Unsqueeze", longest, np.array([0])), np.array([2]))
    ids = g("Slice", all_ids, np.array([0]), length, np.array([1]))
    mask = g("Cast", g("Slice", all_pieces, np.array([0]), length, np.array([1])), to=TensorProto.FLOAT)
    first, start, end = (
        g("Cast", g("Equal", ids, np.array(piece)), to=TensorProto.FLOAT)
        for piece in (minilm_network.HEADLINE_START, minilm_network.ENTITY_START, minilm_network.ENTITY_END)
    )
    inside = g("CumSum", g("Sub", start, end), np.array(1))
    inside = g("Mul", inside, g("Sub", f32(1), start))
    marked = g("ReduceMax", start, axes=[1], keepdims=1)
    unmarked = g("Sub", f32(1), marked)
    return {
        "length": length,
        "mask": mask,
        "start": start,
        "end": end,
        "words": word_vectors(g, ids, words),
        "penalty": g("Mul", g("Unsqueeze", g("Sub", f32(1), mask), np.array([1, 2])), f32(-1e4)),
        "inside": g("Add", g("Mul", inside, marked), g("Mul", mask, unmarked)),
        "anchor": g("Add", start, g("Mul", first, unmarked)),
    }


def run_logits(g, headline, parameters):
    x = embedded(g, headline, parameters)
    for layer in parameters["layers"]:
        x = normalise(g, g("Add", x, attention(g, x, headline["penalty"], layer)), layer["scale1"], layer["shift1"])
        deep = dense(g, gelu(g, dense(g, x, layer["up"])), layer["down"])
        x = normalise(g, g("Add", x, deep), layer["scale2"], layer["shift2"])
    pooled = g("Concat", *(share_mean(g, x, headline[share]) for share in ("mask", "inside", "anchor")), axis=1)
    return g("Add", g("MatMul", pooled, f32(parameters["head"]["w"])), f32(parameters["head"]["b"]))


def build(runs, temperature):
    """The mean of the runs' logits; word vectors are the same for all and stored once."""
    g = Graph()
    headline = headline_nodes(g, runs[0]["words"])
    opinions = [run_logits(g, headline, parameters) for parameters in runs]
    logits = g("Div", g("Mean", *opinions), f32(temperature))
    g.nodes.append(helper.make_node("Softmax", [logits], ["probabilities"], axis=1))
    return sentiment_contract.graph(g.nodes, g.constants)


def main(work, folder, seeds):
    weights = [torch.load(f"{work}/minilm-{seed}.pt", weights_only=True) for seed in seeds]
    runs = [minilm_network.parameters_of(each) for each in weights]
    raw = model_files.save(build(runs, 1.0), folder, VERSION)
    tokens, labels, _, _ = headlines.read(f"{work}/sentfin_entity.jsonl", "validation")
    logits = np.log(np.clip(sentiment_contract.predictions(raw, tokens), 1e-9, 1))
    temperature = headlines.best_temperature(logits, labels)
    content = model_files.save(build(runs, temperature), folder, VERSION)
    print(f"temperature {temperature:.2f}, {len(content)} bytes")
    headlines.report(lambda given: sentiment_contract.predictions(content, given), work, "validation")
    sentiment_contract.publish(work, folder, VERSION, content)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
