"""Trains the signal-quality models: probability that a trade's target is touched before its stop.

Version 1 is a logistic regression, version 2 shallow boosted trees. Judged walk-forward: each block of
sessions is predicted by models trained on earlier sessions only. Prints the table of docs/models.md.
Usage: signal_quality.py SIGNALS_CSV MODEL_DIR
"""

import csv
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

import model_files

FOLDS = 6
#: (min, max) each feature is clipped to by domain/decision/features.ts; the order of the columns.
RANGES = {
    "return1": (-4, 4), "return3": (-4, 4), "return6": (-4, 4), "return12": (-4, 4), "body": (-3, 3),
    "closePlace": (-1, 1), "rangePlace": (-1, 1), "rsi14": (-1, 1), "rsi21": (-1, 1), "emaSpread": (-4, 4),
    "overEma21": (-6, 6), "overSma50": (-10, 10), "overVwap": (-10, 10), "vwapDeviations": (-4, 4),
    "macd": (-4, 4), "macdHistogram": (-2, 2), "macdGrowth": (-1, 1), "overSuperTrend": (-6, 6),
    "emaTurn": (-1, 1), "macdTurn": (-1, 1), "superTrendTurn": (-1, 1), "volumeRatio": (-3, 3),
    "rangeRegime": (-1, 1), "sessionShare": (0, 1),
}


def read(path):
    with open(path, encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])[4:]
    assert names == list(RANGES), "the exported features are not the ones this script knows"
    features = np.array([[row[name] for name in names] for row in rows], np.float32)
    return np.array([row["session"] for row in rows]), features, np.array([int(row["label"]) for row in rows])


def scaled(features):
    """Every feature to about −1..1 by its declared range: the same scaling is folded into the graph."""
    low, high = np.array(list(RANGES.values()), np.float32).T
    return (2 * features - (low + high)) / (high - low)


def linear():
    return LogisticRegression(C=0.001, max_iter=2000)


def trees():
    return HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.02, max_leaf_nodes=8, min_samples_leaf=2000, l2_regularization=100, random_state=7
    )


def walk_forward(sessions, features, labels):
    """Predictions of each later block by models of all earlier sessions: {name: (labels, probabilities)}."""
    days = np.unique(sessions)
    blocks = np.array_split(days, FOLDS + 1)
    found = {"naive": [], "linear": [], "trees": []}
    truth, seen = [], blocks[0]
    for block in blocks[1:]:
        past, now = np.isin(sessions, seen), np.isin(sessions, block)
        truth.append(labels[now])
        found["naive"].append(np.full(now.sum(), labels[past].mean()))
        for name, make in (("linear", linear), ("trees", trees)):
            model = make().fit(scaled(features[past]), labels[past])
            found[name].append(model.predict_proba(scaled(features[now]))[:, 1])
        seen = np.concatenate([seen, block])
    return np.concatenate(truth), {name: np.concatenate(parts) for name, parts in found.items()}


def table(truth, predictions):
    print("| model | rows | AUC | log loss | Brier | hit rate, top fifth | hit rate, bottom fifth |")
    print("|---|---|---|---|---|---|---|")
    for name, p in predictions.items():
        order = np.argsort(p, kind="stable")
        fifth = len(p) // 5
        auc = 0.5 if name == "naive" else roc_auc_score(truth, p)
        ends = ("-", "-") if name == "naive" else (f"{truth[order[-fifth:]].mean():.3f}", f"{truth[order[:fifth]].mean():.3f}")
        print(f"| {name} | {len(p)} | {auc:.4f} | {log_loss(truth, p):.5f} | {brier_score_loss(truth, p):.5f} | {ends[0]} | {ends[1]} |")
    print(f"hit rate of all: {truth.mean():.4f}")


def linear_graph(model):
    low, high = np.array(list(RANGES.values()), np.float64).T
    slope = 2 / (high - low)
    weight = (model.coef_[0] * slope).astype(np.float32)[:, None]
    bias = np.array([model.intercept_[0] - np.sum(model.coef_[0] * (low + high) / (high - low))], np.float32)
    nodes = [
        helper.make_node("Gemm", ["features", "weight", "bias"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
    ]
    return graph(nodes, [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(bias, "bias")])


def graph(nodes, constants):
    return helper.make_graph(
        nodes,
        "signal-quality",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["rows", len(RANGES)])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["rows", 1])],
        constants,
    )


def tree_graph(model):
    """The boosted trees as one TreeEnsembleRegressor; thresholds moved back to the unscaled features."""
    low, high = np.array(list(RANGES.values()), np.float64).T
    names = "treeids nodeids featureids values modes truenodeids falsenodeids missing_value_tracks_true hitrates"
    nodes = {name: [] for name in names.split()}
    leaves = {"treeids": [], "nodeids": [], "ids": [], "weights": []}
    for tree, (predictor,) in enumerate(model._predictors):
        for index, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            at = int(node["feature_idx"])
            threshold = 0.0 if leaf else (node["num_threshold"] * (high[at] - low[at]) + low[at] + high[at]) / 2
            row = (tree, index, 0 if leaf else at, float(np.float32(threshold)), "LEAF" if leaf else "BRANCH_LEQ",
                   0 if leaf else int(node["left"]), 0 if leaf else int(node["right"]), 0, 1.0)
            for name, value in zip(nodes, row):
                nodes[name].append(value)
            if leaf:
                for name, value in zip(leaves, (tree, index, 0, float(node["value"]))):
                    leaves[name].append(value)
    attributes = {f"nodes_{k}": v for k, v in nodes.items()} | {f"target_{k}": v for k, v in leaves.items()}
    ensemble = helper.make_node(
        "TreeEnsembleRegressor", ["features"], ["logit"], domain="ai.onnx.ml", n_targets=1,
        base_values=[float(model._baseline_prediction.ravel()[0])], **attributes,
    )
    return graph([ensemble, helper.make_node("Sigmoid", ["logit"], ["probability"])], [])


def contract(cases, answers):
    return {
        "name": "signal-quality",
        "platform": "onnxruntime_onnx",
        "description": "Probability that a trade's target is touched before its stop (stop 1.5 true ranges, reward 1.5 to risk 1).",
        "inputs": [{
            "name": "features", "datatype": "FP32", "shape": [-1, len(RANGES)],
            "min": [low for low, _ in RANGES.values()], "max": [high for _, high in RANGES.values()],
        }],
        "outputs": [{"name": "probability", "datatype": "FP32", "shape": [-1, 1], "min": 0, "max": 1}],
        "golden": [
            {"inputs": {"features": [row]}, "outputs": {"probability": [[round(float(p), 3)]]}, "tolerance": 0.15}
            for row, p in zip(cases, answers)
        ],
        "exactTolerance": 1e-5,
    }


def main(source, folder):
    sessions, features, labels = read(source)
    truth, predictions = walk_forward(sessions, features, labels)
    table(truth, predictions)
    middle = [max(low, 0.0) for low, _ in RANGES.values()]
    rng = np.random.default_rng(5)
    drawn = [[round(float(v), 4) for v in rng.uniform(np.array(list(RANGES.values()))[:, 0] / 4, np.array(list(RANGES.values()))[:, 1] / 4)] for _ in range(3)]
    cases = [middle] + drawn
    first = linear().fit(scaled(features), labels)
    second = trees().fit(scaled(features), labels)
    one = model_files.save(linear_graph(first), folder, 1)
    two = model_files.save(tree_graph(second), folder, 2, [("ai.onnx.ml", 3)])
    answers = [model_files.run(one, {"features": np.array([row], np.float32)})[0, 0] for row in cases]
    trained = {"from": str(sessions.min()), "to": str(sessions.max())}
    for version, content, model in ((1, one, first), (2, two, second)):
        ours = model_files.run(content, {"features": features[:5000]})[:, 0]
        theirs = model.predict_proba(scaled(features[:5000]))[:, 1]
        print(f"version {version}: {len(content)} bytes, graph against scikit-learn: {np.abs(ours - theirs).max():.2e}")
        print("  probabilities 5/50/95 %:", np.percentile(ours, [5, 50, 95]).round(3))
        model_files.describe(folder, version, content, contract(cases, answers), cases, trained)


if __name__ == "__main__":
    main(*sys.argv[1:3])
