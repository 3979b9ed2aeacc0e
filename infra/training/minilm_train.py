"""Fine-tunes MiniLM for headlines on SEntFiN (MIT) and nothing else; saves the weights for minilm_export.

Usage: minilm_train.py WORK_DIR MINILM_DIR SEED [EPOCHS]. The seed orders the data; the start is the same for
all, so that the weights of several runs can be averaged. One thread on purpose: the machine is shared.
"""

import json
import os
import pickle
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["OMP_NUM_THREADS"] = "1"

import jax
import jax.numpy as jnp
import numpy as np
import optax

import headlines
import minilm_network as network

BATCH, PEAK_RATE = 32, 2e-4


def published_weights(folder):
    with open(f"{folder}/model.safetensors", "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        body = file.read()
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def batches(tokens, labels, rng):
    """Shuffled, then grouped by length within windows, so that little is spent on padding."""
    order = rng.permutation(len(tokens))
    lengths = (tokens != 0).sum(1)
    chunks = []
    for window in range(0, len(order), BATCH * 40):
        part = order[window : window + BATCH * 40]
        part = part[np.argsort(lengths[part], kind="stable")]
        chunks += [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
    for index in rng.permutation(len(chunks)):
        rows = chunks[index]
        if len(rows) < BATCH:
            continue
        width = min(64, -(-int(lengths[rows].max()) // 8) * 8)
        yield tokens[rows, :width], labels[rows]


def predict(parameters, words, tokens):
    run = jax.jit(network.logits)
    out = []
    for start in range(0, len(tokens), 64):
        rows = tokens[start : start + 64]
        padded = np.zeros((64, 40), np.int64)
        padded[: len(rows)] = rows[:, :40]
        out.append(np.asarray(run(parameters, words, padded))[: len(rows)])
    return np.concatenate(out)


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def train(work, minilm, seed, epochs):
    weights = published_weights(minilm)
    words = jnp.asarray(weights["embeddings.word_embeddings.weight"])
    parameters = network.initial_parameters(weights, jax.random.PRNGKey(7))
    sets = [headlines.read(f"{work}/{name}.jsonl", "train") for name in ("sentfin_entity", "sentfin")]
    tokens = np.concatenate([part[0] for part in sets])
    labels = np.concatenate([part[1] for part in sets])
    rng = np.random.default_rng(seed)
    steps = int(epochs * (len(tokens) // BATCH))
    rate = optax.warmup_cosine_decay_schedule(0.0, PEAK_RATE, steps // 12, steps, PEAK_RATE * 0.02)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.01))
    state = optimiser.init(parameters)

    def loss(parameters, tokens, labels, key):
        z = network.logits(parameters, words, tokens, key)
        smooth = 0.95 * jax.nn.one_hot(labels, 3) + 0.05 / 3
        return optax.softmax_cross_entropy(z, smooth).mean()

    @jax.jit
    def step(parameters, state, tokens, labels, key):
        value, gradient = jax.value_and_grad(loss)(parameters, tokens, labels, key)
        change, state = optimiser.update(gradient, state, parameters)
        return optax.apply_updates(parameters, change), state, value

    done, began, losses, key = 0, time.time(), [], jax.random.PRNGKey(seed)
    while done < steps:
        for batch_tokens, batch_labels in batches(tokens, labels, rng):
            key, use = jax.random.split(key)
            parameters, state, value = step(parameters, state, batch_tokens, batch_labels, use)
            losses.append(float(value))
            done += 1
            if done % 50 == 0:
                print(f"{done}/{steps} loss {np.mean(losses[-50:]):.4f} {time.time() - began:.0f} s", flush=True)
            if done % 400 == 0 or done == steps:
                report(parameters, words, work)
            if done >= steps:
                break
    with open(f"{work}/minilm-{seed}.pickle", "wb") as file:
        pickle.dump(jax.tree_util.tree_map(np.asarray, {"parameters": parameters, "words": words}), file)


def report(parameters, words, work):
    for name in ("sentfin", "sentfin_entity"):
        tokens, labels, _, _ = headlines.read(f"{work}/{name}.jsonl", "heldOut")
        print(name, headlines.measures(softmax(predict(parameters, words, tokens)), labels), flush=True)


if __name__ == "__main__":
    train(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]) if len(sys.argv) > 4 else 3)
