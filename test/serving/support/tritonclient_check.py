"""Drives a model server with NVIDIA's tritonclient[http], unmodified. Prints one line per check."""

import sys

import numpy as np
import tritonclient.http as http
from tritonclient.utils import InferenceServerException

address, token = sys.argv[1], sys.argv[2]
client = http.InferenceServerClient(address, concurrency=4)
admin = {"Authorization": f"Bearer {token}"}
rows = np.array([[1, 2, 3], [0, 0, 0]], dtype=np.float32)
expected = 1 / (1 + np.exp(-(rows @ np.array([0.5, -1, 0.25], dtype=np.float32) + 0.1)))


def infer(binary_in: bool, binary_out: bool, **options):
    tensor = http.InferInput("features", list(rows.shape), "FP32")
    tensor.set_data_from_numpy(rows, binary_data=binary_in)
    output = http.InferRequestedOutput("probability", binary_data=binary_out)
    result = client.infer("quality", [tensor], outputs=[output], **options)
    np.testing.assert_allclose(result.as_numpy("probability").ravel(), expected, atol=1e-6)
    return result.get_response()


def fails(call, sentence: str) -> None:
    try:
        call()
    except InferenceServerException as error:
        assert sentence in str(error), str(error)
        return
    raise AssertionError(f"expected: {sentence}")


def run(name: str, check) -> None:
    check()
    print(f"ok {name}")


def health() -> None:
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("quality") and client.is_model_ready("quality", "1")
    assert not client.is_model_ready("nope")


def metadata() -> None:
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    described = client.get_model_metadata("quality", "1")
    assert described["inputs"] == [{"name": "features", "datatype": "FP32", "shape": [-1, 3]}]
    assert client.get_model_config("quality")["name"] == "quality"
    assert client.get_inference_statistics("quality")["model_stats"][0]["version"] == "1"


def inference() -> None:
    for binary_in in (False, True):
        for binary_out in (False, True):
            infer(binary_in, binary_out)
    assert infer(True, True, request_id="order-7")["id"] == "order-7"
    assert infer(True, True, model_version="1")["model_version"] == "1"
    infer(True, True, request_compression_algorithm="gzip")
    infer(False, False, request_compression_algorithm="deflate")
    tensor = http.InferInput("features", list(rows.shape), "FP32").set_data_from_numpy(rows)
    default = client.infer("quality", [tensor]).as_numpy("probability")
    assert default.shape == (2, 1)
    handles = [client.async_infer("quality", [tensor]) for _ in range(20)]
    for handle in handles:
        np.testing.assert_allclose(
            handle.get_result().as_numpy("probability").ravel(), expected, atol=1e-6
        )


def errors() -> None:
    tensor = http.InferInput("features", [1, 4], "FP32")
    tensor.set_data_from_numpy(np.zeros((1, 4), dtype=np.float32))
    fails(lambda: client.infer("quality", [tensor]), "dimension 1 must be 3")
    fails(lambda: client.infer("nope", [tensor]), "unknown model")
    fails(lambda: client.infer("quality", [tensor], model_version="9"), "version 9 is not found")


def repository() -> None:
    index = {"name": "quality", "version": "1", "state": "READY"}
    assert client.get_model_repository_index() == [index]
    fails(lambda: client.unload_model("quality"), "token")
    client.unload_model("quality", headers=admin)
    assert not client.is_model_ready("quality")
    client.load_model("quality", headers=admin)
    assert client.is_model_ready("quality")
    fails(lambda: client.load_model("nope", headers=admin), "not found")


run("health", health)
run("metadata", metadata)
run("inference", inference)
run("errors", errors)
run("repository", repository)
