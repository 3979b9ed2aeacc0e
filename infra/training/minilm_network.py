"""MiniLM-L6 as plain JAX: 6 layers of 384, 12 heads, post-norm, from all-MiniLM-L6-v2 (Apache-2.0).

The head reads two vectors: the mean over the headline and the mean over the marked company (the whole
headline where none is marked). Word vectors stay as published; everything else is trained.
"""

import jax
import jax.numpy as jnp

LAYERS, HEADS, WIDTH = 6, 12, 384
ENTITY_START, ENTITY_END = 1, 2


def initial_parameters(weights, key):
    """`weights`: tensors by name from the published safetensors file, float32."""
    layer = "encoder.layer.{}."
    parameters = {
        "positions": weights["embeddings.position_embeddings.weight"][:64]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "markers": weights["embeddings.word_embeddings.weight"][[1008, 1009]] * 1.0,
        "scale": weights["embeddings.LayerNorm.weight"],
        "shift": weights["embeddings.LayerNorm.bias"],
        "layers": [],
        "head": {
            "w": 0.02 * jax.random.normal(key, (2 * WIDTH, 3)),
            "b": jnp.zeros(3),
        },
    }
    for index in range(LAYERS):
        at = layer.format(index)
        take = lambda name: weights[at + name]  # noqa: E731
        parameters["layers"].append(
            {
                "q": {"w": take("attention.self.query.weight").T, "b": take("attention.self.query.bias")},
                "k": {"w": take("attention.self.key.weight").T, "b": take("attention.self.key.bias")},
                "v": {"w": take("attention.self.value.weight").T, "b": take("attention.self.value.bias")},
                "o": {"w": take("attention.output.dense.weight").T, "b": take("attention.output.dense.bias")},
                "up": {"w": take("intermediate.dense.weight").T, "b": take("intermediate.dense.bias")},
                "down": {"w": take("output.dense.weight").T, "b": take("output.dense.bias")},
                "scale1": take("attention.output.LayerNorm.weight"),
                "shift1": take("attention.output.LayerNorm.bias"),
                "scale2": take("output.LayerNorm.weight"),
                "shift2": take("output.LayerNorm.bias"),
            }
        )
    return jax.tree_util.tree_map(jnp.asarray, parameters)


def normalise(x, scale, shift):
    mean = x.mean(-1, keepdims=True)
    spread = jnp.square(x - mean).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(spread + 1e-12) * scale + shift


def dense(x, layer):
    return x @ layer["w"] + layer["b"]


def dropout(x, rate, key):
    if key is None:
        return x
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0.0)


def attention(x, mask, layer):
    rows, length, _ = x.shape
    split = lambda y: y.reshape(rows, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)  # noqa: E731
    q, k, v = (split(dense(x, layer[name])) for name in "qkv")
    scores = q @ k.transpose(0, 1, 3, 2) / jnp.sqrt(WIDTH / HEADS)
    scores = scores + (1.0 - mask[:, None, None, :]) * -1e4
    mixed = jax.nn.softmax(scores, -1) @ v
    return dense(mixed.transpose(0, 2, 1, 3).reshape(rows, length, WIDTH), layer["o"])


def logits(parameters, words, tokens, key=None):
    """[rows, 3] for ids [rows, length]; `words` is the frozen table; `key` switches dropout on."""
    mask = (tokens != 0).astype(jnp.float32)
    start = (tokens == ENTITY_START).astype(jnp.float32)
    end = (tokens == ENTITY_END).astype(jnp.float32)
    x = words[tokens] * (1 - start - end)[..., None]
    x = x + start[..., None] * parameters["markers"][0] + end[..., None] * parameters["markers"][1]
    x = normalise(x + parameters["positions"][: tokens.shape[1]], parameters["scale"], parameters["shift"])
    keys = [None] * (2 * LAYERS + 1) if key is None else list(jax.random.split(key, 2 * LAYERS + 1))
    for index, layer in enumerate(parameters["layers"]):
        mixed = dropout(attention(x, mask, layer), 0.1, keys[2 * index])
        x = normalise(x + mixed, layer["scale1"], layer["shift1"])
        wide = jax.nn.gelu(dense(x, layer["up"]), approximate=False)
        deep = dropout(dense(wide, layer["down"]), 0.1, keys[2 * index + 1])
        x = normalise(x + deep, layer["scale2"], layer["shift2"])
    inside = jnp.cumsum(start - end, 1) * (1 - start)
    marked = start.max(1, keepdims=True)
    inside = inside * marked + mask * (1 - marked)
    mean = lambda share: (x * share[..., None]).sum(1) / jnp.maximum(share.sum(1), 1)[:, None]  # noqa: E731
    pooled = jnp.concatenate([mean(mask), mean(inside)], -1)
    return dense(dropout(pooled, 0.1, keys[-1]), parameters["head"])
