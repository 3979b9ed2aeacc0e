"""Fine-tunes MiniLM for headlines on SEntFiN (MIT), its variants and our own phrases; saves the weights.

Usage: minilm_train.py WORK_DIR MINILM_DIR SEED [validate]. With `validate` a tenth of the training headlines
is kept aside and printed: what recipes are chosen by. The held-out fifth is never looked at here. One thread
on purpose: the machine is shared.
"""

import os
import re
import sys
import time
import zlib

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch

import headlines
import minilm_network

BATCH, EPOCHS, PEAK_RATE = 32, 3, 2e-4
#: Each layer learns this much slower than the one above it.
LAYER_DECAY = 0.95
#: Half of the headlines of a pass are replaced by a variant of theirs.
VARIANT_SHARE = 0.5
SMOOTHING = 0.05
#: The weights saved are a moving average over the last few hundred steps.
AVERAGE = 0.995


def is_validation(row):
    text = re.sub("[^a-z0-9]+", " ", row.get("origin", row["text"]).lower()).strip()
    return zlib.crc32(text.encode()) % 10 == 0


def training_sets(work, validate):
    """(marked, unmarked, rounds): each (tokens, labels); a round's first rows are variants of `marked`."""
    def arrays(rows):
        return (
            np.array([row["tokens"] for row in rows], np.int64),
            np.array([headlines.LABELS.index(row["label"]) for row in rows]),
        )

    def kept(name):
        rows = headlines.read(f"{work}/{name}.jsonl", "train")[3]
        return [row for row in rows if not (validate and is_validation(row))]

    variants = kept("variants")
    rounds = [[row for row in variants if row["round"] == r] for r in range(variants[-1]["round"] + 1)]
    return arrays(kept("sentfin_entity")), arrays(kept("sentfin")), [arrays(rows) for rows in rounds]


def epoch_rows(marked, unmarked, variants, rng):
    """One pass: every company once, as it stands or as a variant; phrases; headlines without a company."""
    tokens, labels = marked
    variant_tokens, variant_labels = variants
    count = len(tokens)
    assert (variant_labels[:count] == labels).all()
    swapped = rng.random(count) < VARIANT_SHARE
    return (
        np.concatenate([np.where(swapped[:, None], variant_tokens[:count], tokens), variant_tokens[count:], unmarked[0]]),
        np.concatenate([labels, variant_labels[count:], unmarked[1]]),
    )


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
        width = min(64, -(-int(lengths[rows].max()) // 8) * 8)
        yield torch.tensor(tokens[rows, :width]), torch.tensor(labels[rows])


def predict(network, tokens):
    network.eval()
    with torch.no_grad():
        parts = [torch.softmax(network(torch.tensor(tokens[i : i + 64, :48])), 1) for i in range(0, len(tokens), 64)]
    return torch.cat(parts).numpy()


def optimiser_of(network, steps):
    def depth(name):
        layer = re.search(r"encoder\.layer\.(\d+)\.", name)
        if layer:
            return 6 - int(layer[1])
        return 0 if name.startswith("head") else 7

    groups = [
        {
            "params": [weight],
            "lr": PEAK_RATE * LAYER_DECAY ** depth(name),
            "weight_decay": 0.01 if weight.dim() > 1 else 0,
        }
        for name, weight in network.named_parameters()
        if weight.requires_grad
    ]
    optimiser = torch.optim.AdamW(groups, fused=True)
    warm = steps / 12

    def rate(step):
        falling = max(0, step - warm) / (steps - warm)
        return min((step + 1) / warm, 1) * (0.02 + 0.49 * (1 + np.cos(np.pi * falling)))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def train(work, minilm, seed, validate):
    torch.set_num_threads(1)
    # One start for all seeds, so that the weights of several runs can be averaged.
    torch.manual_seed(7)
    network = minilm_network.HeadlineNetwork(minilm).train()
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    marked, unmarked, rounds = training_sets(work, validate)
    per_epoch = -(-(len(marked[0]) + len(unmarked[0]) + len(rounds[0][0]) - len(marked[0])) // BATCH)
    steps = EPOCHS * per_epoch
    optimiser, schedule = optimiser_of(network, steps)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    done, began, losses = 0, time.time(), []
    for epoch in range(EPOCHS):
        for tokens, labels in batches(*epoch_rows(marked, unmarked, rounds[epoch % len(rounds)], rng), rng):
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(tokens)
            loss = torch.nn.functional.cross_entropy(logits.float(), labels, label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            for name, value in network.state_dict().items():
                average[name].lerp_(value, 1 - AVERAGE)
            losses.append(loss.item())
            done += 1
            if done % 50 == 0:
                print(f"{done}/{steps} loss {np.mean(losses[-50:]):.4f} {time.time() - began:.0f} s", flush=True)
    network.load_state_dict(average)
    torch.save(average, f"{work}/minilm-{seed}.pt")
    if validate:
        report(network, work)


def report(network, work):
    for name in ("sentfin", "sentfin_entity"):
        rows = [row for row in headlines.read(f"{work}/{name}.jsonl", "train")[3] if is_validation(row)]
        labels = np.array([headlines.LABELS.index(row["label"]) for row in rows])
        found = predict(network, np.array([row["tokens"] for row in rows], np.int64))
        print("validation", name, headlines.measures(found, labels), flush=True)


if __name__ == "__main__":
    train(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:] == ["validate"])
