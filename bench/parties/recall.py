"""Recall by class at equal false positives, beside the usual scorers.

Run it as ``python bench/parties/recall.py`` in an environment with the ``bench`` extra. All
scorers get our normal forms and all pairs; a query counts as found when the right entry
scores at or above the threshold at which a given share of the clean parties is flagged.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from klartecken.parties.lists.build import build_snapshot  # noqa: E402
from klartecken.parties.lists.formats.recognise import read_files  # noqa: E402
from klartecken.parties.lists.snapshot import Snapshot  # noqa: E402
from klartecken.parties.names.normal import party_readings, readings  # noqa: E402
from klartecken.parties.screening.index import NAMES, Index, build_index  # noqa: E402
from klartecken.parties.screening.meet import meet  # noqa: E402
from klartecken.parties.screening.model import DEFAULT, Thresholds  # noqa: E402
from parties.sets import Query, clean, exact, labelled, perturbed  # noqa: E402

SHARED = ROOT.parent.parent / "shared" / "data"  # beside the checkout
# thresholds of words and characters; the defaults are reported by class
DEFAULTS = (DEFAULT.words / 1000, DEFAULT.characters / 1000)
UNIONS = (
    (0.70, 0.90),
    (0.74, 0.93),
    (0.77, 0.93),
    DEFAULTS,
    (0.82, 0.94),
    (0.84, 0.94),
    (0.87, 0.93),
)
RATES = (0.005, 0.01, 0.02, 0.05)
LOW = Thresholds(words=550, characters=800)  # below every threshold that is looked at
Best = tuple[np.ndarray, np.ndarray]  # for each query: best of the right entry, best of any


def full_snapshot() -> Snapshot:
    """The snapshot of 2026-07-31."""
    path = SHARED / "lists" / "csl-reduced-2026-07-31.json.gz"
    return build_snapshot(read_files([path])).snapshot


def ours(index: Index, queries: list[Query]) -> dict[str, Best]:
    """Weighted words and characters, from the engine itself."""
    forms = [party_readings(q.name, q.kind) for q in queries]
    met = meet(tuple(dict.fromkeys(f for fs in forms for f in fs)), index, LOW)
    result = {key: (np.zeros(len(queries)), np.zeros(len(queries))) for key in ("words", "chars")}
    for i, (query, mine) in enumerate(zip(queries, forms, strict=True)):
        for form in mine:
            for one in met.get(form, ()):
                low, high = index.owners.starts[one.row : one.row + 2]
                right = query.entry in (index.owners.values[low:high] // NAMES)
                for key, value in (("words", one.words.value), ("chars", one.ratio)):
                    own, top = result[key]
                    top[i] = max(top[i], value)
                    if right:
                        own[i] = max(own[i], value)
    return result


def plain(index: Index, queries: list[Query], scorer: object, sort: bool, compact: bool) -> Best:
    """A scorer of rapidfuzz over all pairs."""
    listed = [_shape(form, sort, compact) for form in index.forms]
    rows_of: dict[int, list[int]] = {}
    for row in range(len(index.forms)):
        low, high = index.owners.starts[row : row + 2]
        for entry in set((index.owners.values[low:high] // NAMES).tolist()):
            rows_of.setdefault(entry, []).append(row)
    own, top = np.zeros(len(queries)), np.zeros(len(queries))
    for start in range(0, len(queries), 200):
        part = queries[start : start + 200]
        asked = [_shape((readings(q.name, q.kind) or ("",))[0], sort, compact) for q in part]
        table = process.cdist(asked, listed, scorer=scorer, dtype=np.float32, workers=2)
        top[start : start + len(part)] = table.max(axis=1)
        for i, query in enumerate(part):
            if query.entry >= 0 and rows_of.get(query.entry):
                own[start + i] = table[i, rows_of[query.entry]].max()
    return own, top


def _shape(form: str, sort: bool, compact: bool) -> str:
    words = sorted(form.split()) if sort else form.split()
    return ("" if compact else " ").join(words)


def threshold(top: np.ndarray, rate: float) -> float:
    """The lowest threshold that flags at most this share of the clean parties."""
    ordered = np.sort(top)[::-1]
    return float(ordered[int(rate * len(ordered))]) + 1e-6


def by_class(groups: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """The share found of each class."""
    return {g: round(float(found[groups == g].mean()), 3) for g in dict.fromkeys(groups.tolist())}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=150, help="perturbed names of each class")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--peers", action="store_true", help="the usual scorers too (minutes)")
    parser.add_argument("--sample", type=int, default=25, help="one query in so many for WRatio")
    args = parser.parse_args()
    snapshot = full_snapshot()
    entries = list(snapshot.entries)
    index = build_index(entries)
    hard, easy = perturbed(entries, args.each, args.seed), exact(entries, 2000, args.seed)
    nobody = clean(args.seed)
    print(f"{len(entries)} entries, {len(index.forms)} forms; {len(hard)} perturbed, "
          f"{len(easy)} exact, {len(nobody)} clean; {date.today()}")  # fmt: skip
    groups = np.array([q.group for q in hard])
    mine = {key: ours(index, qs) for key, qs in (("hard", hard), ("easy", easy), ("no", nobody))}
    kinds = np.array([q.group for q in nobody])
    for words, chars in UNIONS:
        flag = (mine["no"]["words"][1] >= words) | (mine["no"]["chars"][1] >= chars)
        hit = (mine["hard"]["words"][0] >= words) | (mine["hard"]["chars"][0] >= chars)
        same = (mine["easy"]["words"][0] >= words) | (mine["easy"]["chars"][0] >= chars)
        print(f"union {words:.2f}/{chars:.2f}: recall {hit.mean():.3f}, exact {same.mean():.3f}, "
              f"clean flagged {flag.mean():.4f} {by_class(kinds, flag)}")  # fmt: skip
        if (words, chars) == DEFAULTS:
            print("   ", by_class(groups, hit))
    _pairs(index, snapshot)
    if args.peers:
        _peers(index, hard, nobody, groups, args.sample)


def _pairs(index: Index, snapshot: Snapshot) -> None:
    """The labelled pairs: found where the entry of that name is met."""
    from klartecken.parties.party import Party
    from klartecken.parties.screening.listed import prepare
    from klartecken.parties.screening.screen import screen_many

    rows = labelled(SHARED / "name_pairs.csv")
    listed = prepare(snapshot)
    told = screen_many([Party(query) for query, _, _ in rows], listed)
    tally: dict[tuple[bool, bool], int] = {}
    for (query, name, same), answer in zip(rows, told, strict=True):
        found = any(name in hit.entry.names for hit in answer.hits)
        tally[same, found] = tally.get((same, found), 0) + 1
        if same != found:
            print("   ", "missed" if same else "false", repr(query), "/", repr(name))
    print("labelled pairs (same, found):", tally)


def _peers(
    index: Index, hard: list[Query], nobody: list[Query], groups: np.ndarray, step: int
) -> None:
    for label, scorer, sort, compact, every in (
        ("token-sort ratio", fuzz.ratio, True, False, 1),
        ("Jaro-Winkler", JaroWinkler.normalized_similarity, False, False, 1),
        ("WRatio", fuzz.WRatio, False, False, step),
    ):
        own, _ = plain(index, hard[::every], scorer, sort, compact)
        _, top = plain(index, nobody[::every], scorer, sort, compact)
        for rate in RATES:
            found = own >= threshold(top, rate)
            print(f"{label} at {rate:.1%} flagged: recall {found.mean():.3f} (of {len(own)})")
            if rate == 0.01:
                print("   ", by_class(groups[::every], found))


if __name__ == "__main__":
    main()
