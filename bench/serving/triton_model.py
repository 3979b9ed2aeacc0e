"""The peer model of bench/serving/tritonServer.ts: onnxruntime behind Triton's Python backend.

MODEL_PATH comes from the model's configuration.
"""

import json

import numpy as np
import onnxruntime as ort
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        parameters = json.loads(args["model_config"])["parameters"]
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        path = parameters["MODEL_PATH"]["string_value"]
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def execute(self, requests):
        """Joins what Triton's dynamic batcher hands over into one run."""
        rows = [pb_utils.get_input_tensor_by_name(each, "features").as_numpy() for each in requests]
        (result,) = self.session.run(None, {"features": np.concatenate(rows)})
        responses = []
        start = 0
        for each in rows:
            part = result[start : start + len(each)]
            start += len(each)
            tensor = pb_utils.Tensor("probability", part)
            responses.append(pb_utils.InferenceResponse(output_tensors=[tensor]))
        return responses
