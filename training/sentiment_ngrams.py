"""Trains version 1 of the headline model: word-piece n-grams, hashed inside the graph, logistic regression.

Company-aware through the pieces of the clause that names the company, which have weights of their own.
Trained on SEntFiN (MIT) only. Usage: sentiment_ngrams.py WORK_DIR MODEL_DIR
"""

import sys
import zlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

import headlines
import model_files
import sentiment_contract

PIECES, BUCKETS = 30522, 32768
#: Pieces that separate clauses: , ; : . ! ? - as while but despite amid after even though
SEPARATORS = [1010, 1025, 1024, 1012, 999, 1029, 2004, 2096, 2021, 2750, 13463, 2044, 2130, 2295]
PAIR, TRIPLE = (7919, 104729), (7919, 104729, 15485863)


def hashed(columns, factors, offset):
    """Bucket of neighbouring ids; 0 ids (padding) make the whole gram padding, marked −1."""
    total = sum(c * f for c, f in zip(columns, factors)) % BUCKETS + offset
    return np.where(np.all([c != 0 for c in columns], axis=0), total, -1)


def near_company(tokens):
    """Ids of the clause with the company, else −1."""
    clause = np.cumsum(np.isin(tokens, SEPARATORS), 1)
    start = tokens == 1
    own = (clause * start).sum(1, keepdims=True)
    near = (clause == own) & start.any(1, keepdims=True) & (tokens != 0)
    return np.where(near, tokens + PIECES + 2 * BUCKETS, -1)


def grams(tokens):
    """All feature columns of each row, −1 where there is none."""
    single = np.where(tokens != 0, tokens, -1)
    pair = hashed([tokens[:, :-1], tokens[:, 1:]], PAIR, PIECES)
    triple = hashed([tokens[:, :-2], tokens[:, 1:-1], tokens[:, 2:]], TRIPLE, PIECES + BUCKETS)
    return np.concatenate([single, pair, triple, near_company(tokens)], 1)


def matrix(tokens):
    columns = grams(tokens)
    rows, places = np.nonzero(columns >= 0)
    length = np.sqrt((tokens != 0).sum(1))
    return csr_matrix(
        (1 / length[rows], (rows, columns[rows, places])), (len(tokens), 2 * PIECES + 2 * BUCKETS)
    )


def export(model, temperature):
    table = (model.coef_.T / temperature).astype(np.float32)
    parts = np.split(table, [PIECES, PIECES + BUCKETS, PIECES + 2 * BUCKETS])
    separator = np.zeros(PIECES, np.int64)
    separator[SEPARATORS] = 1
    constants = {f"table{i}": part for i, part in enumerate(parts)} | {
        "bias": (model.intercept_ / temperature).astype(np.float32),
        "separator": separator, "buckets": np.array(BUCKETS), "zero": np.array(0), "company": np.array(1),
        "axis1": np.array(1), "axes1": np.array([1]), "axes2": np.array([2]), "zeros": np.array([0]),
        "ones": np.array([1]), "twos": np.array([2]), "end1": np.array([-1]), "end2": np.array([-2]),
        "last": np.array([64]), "f0": np.array(PAIR[0]), "f1": np.array(PAIR[1]), "f2": np.array(TRIPLE[2]),
    }
    nodes, make = [], helper.make_node

    def add(op, inputs, name, **attributes):
        nodes.append(make(op, inputs, [name], **attributes))
        return name

    def summed(table_name, ids, mask, name):
        add("Gather", [table_name, ids], f"{name}All", axis=0)
        add("Unsqueeze", [mask, "axes2"], f"{name}Mask")
        add("Mul", [f"{name}All", f"{name}Mask"], f"{name}Kept")
        return add("ReduceSum", [f"{name}Kept", "axes1"], name, keepdims=0)

    add("Cast", ["tokens"], "ids", to=TensorProto.INT64)
    add("Equal", ["ids", "zero"], "isPad")
    add("Not", ["isPad"], "isPiece")
    add("Cast", ["isPiece"], "piece", to=TensorProto.FLOAT)
    sums = [summed("table0", "ids", "piece", "single")]
    for name, ends in (("a", ("zeros", "end1")), ("b", ("ones", "last")), ("x", ("zeros", "end2")), ("y", ("ones", "end1")), ("z", ("twos", "last"))):
        add("Slice", ["ids", *ends, "axes1"], f"ids_{name}")
        add("Slice", ["piece", *ends, "axes1"], f"piece_{name}")
    for name, members, factors, part in (("pair", "ab", ("f0", "f1"), "table1"), ("triple", "xyz", ("f0", "f1", "f2"), "table2")):
        terms = [add("Mul", [f"ids_{m}", f], f"{name}_{m}") for m, f in zip(members, factors)]
        add("Add", terms[:2], f"{name}Two")
        total = f"{name}Two" if len(terms) == 2 else add("Add", [f"{name}Two", terms[2]], f"{name}Three")
        add("Mod", [total, "buckets"], f"{name}Ids")
        add("Mul", [f"piece_{members[0]}", f"piece_{members[-1]}"], f"{name}Piece")
        sums.append(summed(part, f"{name}Ids", f"{name}Piece", name))
    add("Gather", ["separator", "ids"], "breaks", axis=0)
    add("CumSum", ["breaks", "axis1"], "clause")
    add("Equal", ["ids", "company"], "isCompany")
    add("Cast", ["isCompany"], "companyInt", to=TensorProto.INT64)
    add("Mul", ["clause", "companyInt"], "companyClause")
    add("ReduceSum", ["companyClause", "axes1"], "ownClause", keepdims=1)
    add("ReduceSum", ["companyInt", "axes1"], "hasCompany", keepdims=1)
    add("Cast", ["hasCompany"], "hasCompanyFloat", to=TensorProto.FLOAT)
    add("Equal", ["clause", "ownClause"], "isOwn")
    add("Cast", ["isOwn"], "own", to=TensorProto.FLOAT)
    add("Mul", ["own", "piece"], "ownPiece")
    add("Mul", ["ownPiece", "hasCompanyFloat"], "companyMask")
    sums.append(summed("table3", "ids", "companyMask", "near"))
    add("ReduceSum", ["piece", "axes1"], "count", keepdims=1)
    add("Sqrt", ["count"], "length")
    add("Add", sums[:2], "sum01")
    add("Add", ["sum01", sums[2]], "sum012")
    add("Add", ["sum012", sums[3]], "sumAll")
    add("Div", ["sumAll", "length"], "scaled")
    add("Add", ["scaled", "bias"], "logits")
    add("Softmax", ["logits"], "probabilities", axis=1)
    return sentiment_contract.graph(nodes, constants)


def main(work, folder):
    learnt = ("train", "validation", "final")
    sets = [headlines.read(f"{work}/{name}.jsonl", *learnt) for name in ("sentfin_entity", "sentfin")]
    tokens, labels = (np.concatenate([part[i] for part in sets]) for i in (0, 1))
    texts = [row["text"] for part in sets for row in part[3]]
    # By text: a headline is in both sets, and would otherwise calibrate on itself.
    calibration = np.array([zlib.crc32(text.encode()) % 7 == 0 for text in texts])
    trial = LogisticRegression(C=3, max_iter=400).fit(matrix(tokens[~calibration]), labels[~calibration])
    raw = trial.decision_function(matrix(tokens[calibration]))
    temperature = headlines.best_temperature(raw, labels[calibration])
    model = LogisticRegression(C=3, max_iter=400).fit(matrix(tokens), labels)
    content = model_files.save(export(model, temperature), folder, 1)
    print("temperature", round(float(temperature), 2), "bytes", len(content))
    sample = tokens[:200]
    z = model.decision_function(matrix(sample)) / temperature
    z = np.exp(z - z.max(1, keepdims=True))
    gap = np.abs(model_files.run(content, {"tokens": sample.astype(np.float32)}) - z / z.sum(1, keepdims=True)).max()
    print(f"graph against scikit-learn: {gap:.2e}")
    sentiment_contract.publish(work, folder, 1, content)


if __name__ == "__main__":
    main(*sys.argv[1:3])
