"""Fine-tunes MiniLM for headlines on SEntFiN (MIT), its variants and our own statements; saves the weights.

Usage: minilm_train.py WORK_DIR MINILM_DIR SEED PASSES. The validation part is kept aside and printed at the end: what
recipes are chosen by. The final part is never looked at here. One thread on purpose: the machine is shared.
"""

import os
import re
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch

import headlines
import minilm_network

BATCH, PEAK_RATE = 32, 2e-4
#: Each layer learns this much slower than the one above it.
LAYER_DECAY = 0.95
#: Half of the headlines of a pass are replaced by a variant of theirs.
VARIANT_SHARE = 0.5
#: A pass takes this share of the headlines without asking for a company.
UNMARKED_SHARE = 1.0
SMOOTHING = 0.05
#: The weights saved are a moving average over the last few hundred steps.
AVERAGE = 0.995


#: Parts of SEntFiN that are learnt from. The former held-out fifth has been looked at too often to judge by.
LEARNT = ("train", "heldOut")


def arrays(rows):
    return (
        np.array([row["tokens"] for row in rows], np.int64),
        np.array([headlines.LABELS.index(row["label"]) for row in rows]),
    )


def training_sets(work):
    """(marked, conflicting, unmarked, rounds). A round is (variants of `marked` in its order, our own texts)."""
    marked = headlines.read(f"{work}/sentfin_entity.jsonl", *LEARNT)[3]
    variants = headlines.read(f"{work}/variants.jsonl", *LEARNT, "own")[3]
    rounds = []
    for number in range(variants[-1]["round"] + 1):
        rows = [row for row in variants if row["round"] == number]
        assert [row["label"] for row in rows[: len(marked)]] == [row["label"] for row in marked]
        rounds.append((arrays(rows[: len(marked)]), arrays(rows[len(marked) :])))
    unmarked = headlines.read(f"{work}/sentfin.jsonl", *LEARNT)[3]
    return arrays(marked), headlines.conflicting(marked), arrays(unmarked), rounds


def epoch_rows(marked, conflicting, unmarked, variants, rng):
    """One pass: every company once, as it stands or as a variant, those in headlines with several labels once more;
    our own texts; some headlines without a company."""
    (tokens, labels), ((variant_tokens, _), own) = marked, variants
    swapped = rng.random(len(tokens)) < VARIANT_SHARE
    some = rng.random(len(unmarked[0])) < UNMARKED_SHARE
    once = np.where(swapped[:, None], variant_tokens, tokens)
    again = np.where(swapped[:, None], tokens, variant_tokens)[conflicting]
    return (
        np.concatenate([once, again, own[0], unmarked[0][some]]),
        np.concatenate([labels, labels[conflicting], own[1], unmarked[1][some]]),
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


def train(work, minilm, seed, passes):
    torch.set_num_threads(1)
    # One start for all seeds, so that the weights of several runs can be averaged.
    torch.manual_seed(7)
    network = minilm_network.HeadlineNetwork(minilm).train()
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    *originals, rounds = training_sets(work)
    epochs = [epoch_rows(*originals, rounds[epoch % len(rounds)], rng) for epoch in range(passes)]
    steps = sum(-(-len(labels) // BATCH) for _, labels in epochs)
    optimiser, schedule = optimiser_of(network, steps)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    done, began, losses = 0, time.time(), []
    for epoch in epochs:
        for tokens, labels in batches(*epoch, rng):
            loss = torch.nn.functional.cross_entropy(network(tokens), labels, label_smoothing=SMOOTHING)
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
    headlines.report(lambda tokens: predict(network, tokens), work, "validation")


if __name__ == "__main__":
    train(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
