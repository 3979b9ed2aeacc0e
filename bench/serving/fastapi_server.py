"""The Python peers of bench/serving.ts: the same model behind FastAPI + uvicorn (uvloop, httptools).

fastapi: async def with pydantic models, as its documentation teaches.
fastapi-def: the same as a plain function, which FastAPI runs in its thread pool.
fastapi-tuned: raw body, orjson, and batching of whatever waits while a run is under way.
"""

import asyncio
import sys

import numpy as np
import onnxruntime as ort
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel

kind, model_path, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = ort.InferenceSession(model_path, options, providers=["CPUExecutionProvider"])
app = FastAPI()


class InputTensor(BaseModel):
    name: str
    datatype: str
    shape: list[int]
    data: list[float]


class InferRequest(BaseModel):
    id: str | None = None
    inputs: list[InputTensor]


class OutputTensor(BaseModel):
    name: str
    datatype: str
    shape: list[int]
    data: list[float]


class InferResponse(BaseModel):
    model_name: str
    model_version: str
    outputs: list[OutputTensor]


@app.get("/v2/health/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


def score(request: InferRequest) -> InferResponse:
    tensor = request.inputs[0]
    features = np.asarray(tensor.data, dtype=np.float32).reshape(tensor.shape)
    (result,) = session.run(None, {"features": features})
    output = OutputTensor(
        name="probability",
        datatype="FP32",
        shape=list(result.shape),
        data=result.ravel().tolist(),
    )
    return InferResponse(model_name="mlp", model_version="1", outputs=[output])


if kind == "fastapi-def":
    app.post("/v2/models/mlp/infer")(score)

elif kind == "fastapi":

    @app.post("/v2/models/mlp/infer")
    async def infer(request: InferRequest) -> InferResponse:
        return score(request)

else:
    waiting: list[tuple[np.ndarray, asyncio.Future]] = []
    scheduled = False

    def flush() -> None:
        global scheduled
        scheduled = False
        batch, waiting[:] = waiting[:64], waiting[64:]
        if waiting:
            schedule()
        (result,) = session.run(None, {"features": np.concatenate([rows for rows, _ in batch])})
        start = 0
        for rows, future in batch:
            if not future.done():
                future.set_result(result[start : start + len(rows)])
            start += len(rows)

    def schedule() -> None:
        global scheduled
        if not scheduled:
            scheduled = True
            asyncio.get_running_loop().call_soon(flush)

    @app.post("/v2/models/mlp/infer")
    async def infer_tuned(request: Request) -> Response:
        tensor = orjson.loads(await request.body())["inputs"][0]
        rows = np.asarray(tensor["data"], dtype=np.float32).reshape(tensor["shape"])
        future: asyncio.Future = asyncio.get_running_loop().create_future()
        waiting.append((rows, future))
        schedule()
        result = await future
        body = {
            "model_name": "mlp",
            "model_version": "1",
            "outputs": [
                {
                    "name": "probability",
                    "datatype": "FP32",
                    "shape": list(result.shape),
                    "data": result.ravel().tolist(),
                }
            ],
        }
        return Response(orjson.dumps(body), media_type="application/json")


uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False, loop="uvloop")
