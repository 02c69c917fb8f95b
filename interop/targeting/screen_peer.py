"""rapidfuzz (PyPI) over every listed name: token_sort Jaro-Winkler and token_sort_ratio, brute force, one core.
screen_peer.py LIST.tsv QUERIES.tsv SECONDS -> one JSON object, with recall at the false-hit rates of several cutoffs."""

import json
import sys
import time

from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

rows = [line.rstrip("\n").split("\t", 1) for line in open(sys.argv[1], encoding="utf-8")]
ids = [row[0] for row in rows]
names = [" ".join(sorted(row[1].split())) for row in rows]
queries = [line.rstrip("\n").split("\t", 1) for line in open(sys.argv[2], encoding="utf-8")]
seconds = float(sys.argv[3])
positives = [q for q in queries if q[0] != "-"]
negatives = [q for q in queries if q[0] == "-"]
mixed = [q for pair in zip(positives, negatives) for q in pair]


def run(scorer, scale, cutoffs):
    start, done = time.thread_time(), 0
    best = []
    for expected, text in mixed:
        text = " ".join(sorted(text.split()))
        scores = process.extract(text, names, scorer=scorer, limit=5)
        top = max((score for _, score, _ in scores), default=0) * scale
        right = any(ids[at] == expected for _, _, at in scores)
        right_score = max((score * scale for _, score, at in scores if ids[at] == expected), default=0)
        best.append((expected, top, right_score))
        done += 1
        if time.thread_time() - start > seconds:
            break
    rate = done / (time.thread_time() - start)
    table = []
    for cutoff in cutoffs:
        pos = [b for b in best if b[0] != "-"]
        neg = [b for b in best if b[0] == "-"]
        recall = sum(b[2] >= cutoff for b in pos) / max(1, len(pos))
        false = sum(b[1] >= cutoff for b in neg) / max(1, len(neg))
        table.append({"cutoff": cutoff, "recall": recall, "false_hits": false})
    return {"queries": done, "per_second": rate, "at": table}


print(json.dumps({
    "jaro_winkler": run(JaroWinkler.similarity, 1, [0.85, 0.88, 0.9, 0.92, 0.95]),
    "token_sort_ratio": run(fuzz.ratio, 0.01, [0.75, 0.8, 0.85, 0.9, 0.95]),
}))
