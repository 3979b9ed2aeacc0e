"""Writes a model version and its entry in config.json, the form the model server reads.

Versions are files that never change once written; `golden` at the top holds for every version (answers any
version must give, within a wide tolerance), `versions.N.golden` exactly for that version.
"""

import hashlib
import json
import os

import numpy as np
import onnx

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # Before it is loaded, else it reports to its maker.
import onnxruntime

OPSET = 17


def save(graph, folder, version, extra_domains=()):
    """Checks the graph and writes folder/version/model.onnx; returns its bytes."""
    imports = [onnx.helper.make_opsetid("", OPSET)] + [onnx.helper.make_opsetid(*d) for d in extra_domains]
    model = onnx.helper.make_model(graph, opset_imports=imports, ir_version=8, producer_name="ratchet")
    onnx.checker.check_model(model)
    return save_bytes(model.SerializeToString(), folder, version)


def save_bytes(content, folder, version):
    os.makedirs(f"{folder}/{version}", exist_ok=True)
    with open(f"{folder}/{version}/model.onnx", "wb") as file:
        file.write(content)
    return content


def scorer(content):
    """The model as a function of its inputs, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, inputs)[0]


def run(content, inputs):
    return scorer(content)(inputs)


def describe(folder, version, content, contract, cases, trained=None):
    """Adds the version to config.json. `contract`: everything but versions; `cases`: input row lists;
    `trained`: first and last date of the market data it learnt from."""
    path = f"{folder}/config.json"
    known = {}
    if os.path.exists(path):
        with open(path, encoding="utf8") as file:
            known = json.load(file)["versions"]
    name_in, name_out = contract["inputs"][0]["name"], contract["outputs"][0]["name"]

    def exact(row):
        answer = run(content, {name_in: np.array([row], np.float32)})
        return {
            "inputs": {name_in: [row]},
            "outputs": {name_out: [[round(float(x), 7) for x in answer[0]]]},
            "tolerance": contract["exactTolerance"],
        }

    known[str(version)] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        **({} if trained is None else {"trained": trained}),
        "golden": [exact(row) for row in cases],
    }
    config = {key: value for key, value in contract.items() if key != "exactTolerance"}
    config["versions"] = dict(sorted(known.items()))
    with open(path, "w", encoding="utf8") as file:
        json.dump(config, file, indent=1)
        file.write("\n")
