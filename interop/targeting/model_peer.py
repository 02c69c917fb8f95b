"""LightGBM, CatBoost and XGBoost-like baselines (PyPI) on the same files by the same protocols, one thread.
model_peer.py LEARN.csv TUNE.csv ASK.csv LABEL [PEERS] -> one JSON object; PEERS is `lightgbm,catboost` where not given, and the
history of the subheading always. Features: raw columns as categories (F1)."""

import json
import sys
import time

import catboost
import lightgbm
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

TOKEN = ["HS6 Code", "Country of Departure", "Country of Origin", "Tax Rate", "Tax Type", "Net Mass"]
CATEGORIES = ["Office ID", "Process Type", "Import Type", "Import Use", "Payment Type", "Mode of Transport", "Declarant ID",
              "Importer ID", "Seller ID", "Courier ID", "HS6 Code", "Country of Departure", "Country of Origin", "Tax Type",
              "Country of Origin Indicator", "Tax Rate"]
label = sys.argv[4]
wanted = (sys.argv[5] if len(sys.argv) > 5 else "lightgbm,catboost").split(",")
parts = [pd.read_csv(path, dtype={"HS6 Code": str}).assign(part=i) for i, path in enumerate(sys.argv[1:4])]
data = pd.concat(parts, ignore_index=True)
top = data.loc[data.part == 0, label].max()
y = (data[label] >= top).astype(int).values
part = data.part.values


def hash_of(text):
    value = 1469598103934665603
    for byte in text.encode():
        value = ((value ^ byte) * 1099511628211) % 2**64
    return value >> 20


token = data[TOKEN].astype(str).agg("^".join, axis=1)
fold = token.map(lambda t: hash_of(t) % 5).values
for column in CATEGORIES:
    data[column] = data[column].astype(object).where(data[column].notna(), "0").astype(str)
coded = np.column_stack([pd.factorize(data[c])[0] for c in CATEGORIES] + [data["Net Mass"], data["Item Price"]]).astype(float)
native = data[CATEGORIES + ["Net Mass", "Item Price"]]
# History of the subheading: what no model need beat, and none may lose to.
codes = pd.factorize(data["HS6 Code"])[0]


def lgb(learn, tune, ask):
    model = lightgbm.LGBMClassifier(n_estimators=3000, learning_rate=.05, num_leaves=63, min_child_samples=20, subsample=.8,
                                    subsample_freq=1, colsample_bytree=.8, n_jobs=1, random_state=0, verbose=-1)
    model.fit(coded[learn], y[learn], eval_set=[(coded[tune], y[tune])], eval_metric="auc",
              callbacks=[lightgbm.early_stopping(50, verbose=False)])
    return model.predict_proba(coded[ask])[:, 1]


def cat(learn, tune, ask):
    model = catboost.CatBoostClassifier(iterations=800, learning_rate=.08, depth=6, random_seed=0, thread_count=1, verbose=0,
                                        eval_metric="AUC", early_stopping_rounds=60, cat_features=CATEGORIES)
    model.fit(native[learn], y[learn], eval_set=(native[tune], y[tune]))
    return model.predict_proba(native[ask])[:, 1]


def history(learn, tune, ask):
    known = learn | tune
    sums = pd.DataFrame({"k": codes[known], "y": y[known]}).groupby("k").y.agg(["sum", "size"])
    rate = y[known].mean()
    of = pd.Series(codes[ask])
    return ((of.map(sums["sum"]).fillna(0) + 5 * rate) / (of.map(sums["size"]).fillna(0) + 5)).values


def precision(scores, truth, share):
    order = np.argsort(-scores, kind="stable")[: max(1, len(scores) * share // 100)]
    return float(truth[order].mean())


def figures(scores, truth):
    return {"auc": float(roc_auc_score(truth, scores)), "precision": [precision(scores, truth, s) for s in (1, 2, 5, 10)]}


result = {}
unseen = ~token.isin(set(token[part < 2])).values
for name, fit in (("subheading history", history), ("lightgbm", lgb), ("catboost", cat)):
    if fit is not history and name not in wanted:
        continue
    start = time.perf_counter()
    scores = fit(part == 0, part == 1, part == 2)
    seconds = time.perf_counter() - start
    asked = part == 2
    one = {"P1": figures(scores, y[asked]), "P2": figures(scores[unseen[asked]], y[asked & unseen]), "train_seconds": seconds}
    pooled, truth = [], []
    for f in range(5):
        ask = asked & (fold == f)
        pooled.append(fit((part == 0) & (fold != f), (part == 1) & (fold != f), ask))
        truth.append(y[ask])
    one["P3"] = figures(np.concatenate(pooled), np.concatenate(truth))
    result[name] = one
print(json.dumps(result))
