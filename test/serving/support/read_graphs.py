"""Reads models as the onnx package does, once with Python's parser and once with the C++ one that
onnxruntime has too, and prints one line of JSON for each: what a reader takes it for.

In: length (4 bytes, little-endian) and bytes of every model. Skipped by its test where onnx is not there.
"""
import json
import struct
import sys

import onnx
from onnx.onnx_cpp2py_export import inliner


def tensors_in(graph):
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def full_name(node):
    return f"{node.domain}.{node.op_type}" if node.domain else node.op_type


def facts(model):
    graph = model.graph
    attributes = [attribute for node in graph.node for attribute in node.attribute]
    hidden = {
        "functions": len(model.functions),
        "training": len(model.training_info),
        "sparse": len(graph.sparse_initializer),
        "external": sum(
            tensor.data_location != 0 or len(tensor.external_data) > 0 for tensor in tensors_in(graph)
        ),
        "subgraphs": sum(a.HasField("g") or len(a.graphs) > 0 for a in attributes),
        "sparseAttributes": sum(
            a.HasField("sparse_tensor") or len(a.sparse_tensors) > 0 for a in attributes
        ),
    }
    return {
        "irVersion": model.ir_version,
        "operatorSets": [f"{each.domain}@{each.version}" for each in model.opset_import],
        "operators": [full_name(node) for node in graph.node],
        "hidden": {name: count for name, count in hidden.items() if count > 0},
    }


def reading(read, data):
    try:
        return facts(read(data))
    except Exception as error:  # What a reader refuses is an answer too.
        return {"refused": str(error)[:200]}


def read_natively(data):
    """Without functions the inliner only parses and writes again, both in C++."""
    return onnx.ModelProto.FromString(inliner.inline_local_functions(data, False))


def main():
    source = sys.stdin.buffer
    while header := source.read(4):
        data = source.read(struct.unpack("<I", header)[0])
        line = {
            "python": reading(onnx.ModelProto.FromString, data),
            "native": reading(read_natively, data),
        }
        print(json.dumps(line))


main()
