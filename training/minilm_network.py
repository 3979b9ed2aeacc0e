"""MiniLM-L6 with a head for headlines: 6 layers of 384, from all-MiniLM-L6-v2 (Apache-2.0).

The head reads three vectors: the mean over the headline, the mean over the marked company and the marker before
it (the whole headline and its start where none is marked). Word vectors stay as published, rounded to four bits
before the training so that it can make up for that; everything else is trained.
"""

import numpy as np
import torch
from transformers import AutoModel

ENTITY_START, ENTITY_END, HEADLINE_START = 1, 2, 101
WORD_GROUP = 48


def in_four_bits(words):
    """(values −7..7, a scale for each WORD_GROUP of a row): words is values times scales."""
    grouped = words.reshape(len(words), -1, WORD_GROUP)
    # Stored in float16, so that the network trains on exactly what is shipped.
    scales = np.maximum(np.abs(grouped).max(-1) / 7, 1e-6).astype(np.float16).astype(np.float32)
    values = np.clip(np.round(grouped / scales[..., None]), -7, 7).astype(np.int8)
    return values.reshape(words.shape), scales


def as_shipped(words):
    values, scales = in_four_bits(words)
    return values * np.repeat(scales, WORD_GROUP, 1)


class HeadlineNetwork(torch.nn.Module):
    def __init__(self, folder):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            folder, add_pooling_layer=False, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.0
        )
        words = self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        words.copy_(torch.from_numpy(as_shipped(words.numpy())))
        # The markers begin as brackets do.
        self.markers = torch.nn.Parameter(words[[1008, 1009]].clone())
        self.head = torch.nn.Linear(3 * words.shape[1], 3)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.zeros_(self.head.bias)
        self.dropout = torch.nn.Dropout(0.1)

    def forward(self, tokens):
        """Logits [rows, 3] for ids [rows, length]."""
        mask = (tokens != 0).float()
        start, end = (tokens == ENTITY_START).float(), (tokens == ENTITY_END).float()
        x = self.encoder.embeddings.word_embeddings(tokens) * (1 - start - end)[..., None]
        x = x + start[..., None] * self.markers[0] + end[..., None] * self.markers[1]
        y = self.encoder(inputs_embeds=x, attention_mask=mask).last_hidden_state.float()
        marked = start.max(1, keepdim=True).values
        inside = (start - end).cumsum(1) * (1 - start) * marked + mask * (1 - marked)
        anchor = start * marked + (tokens == HEADLINE_START).float() * (1 - marked)
        pooled = torch.cat([share_mean(y, mask), share_mean(y, inside), share_mean(y, anchor)], -1)
        return self.head(self.dropout(pooled))


def share_mean(y, share):
    return (y * share[..., None]).sum(1) / share.sum(1).clamp(min=1)[:, None]


def parameters_of(weights):
    """A state dict as the tree that minilm_export builds its graph from; matrices are [in, out]."""
    take = lambda name: weights[f"encoder.{name}"].float().numpy()  # noqa: E731

    def dense(name):
        return {"w": take(f"{name}.weight").T, "b": take(f"{name}.bias")}

    def layer(index):
        at = f"encoder.layer.{index}."
        return {
            **{key: dense(f"{at}attention.self.{name}") for key, name in zip("qkv", ("query", "key", "value"))},
            "o": dense(f"{at}attention.output.dense"),
            "up": dense(f"{at}intermediate.dense"),
            "down": dense(f"{at}output.dense"),
            "scale1": take(f"{at}attention.output.LayerNorm.weight"),
            "shift1": take(f"{at}attention.output.LayerNorm.bias"),
            "scale2": take(f"{at}output.LayerNorm.weight"),
            "shift2": take(f"{at}output.LayerNorm.bias"),
        }

    return {
        "words": take("embeddings.word_embeddings.weight"),
        "positions": take("embeddings.position_embeddings.weight")[:64]
        + take("embeddings.token_type_embeddings.weight")[0],
        "markers": weights["markers"].numpy(),
        "scale": take("embeddings.LayerNorm.weight"),
        "shift": take("embeddings.LayerNorm.bias"),
        "layers": [layer(index) for index in range(6)],
        "head": {"w": weights["head.weight"].numpy().T, "b": weights["head.bias"].numpy()},
    }
