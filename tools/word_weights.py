"""Make the frozen table of word weights from a snapshot of the lists.

Run it as ``python tools/word_weights.py FILE`` with the reduced Consolidated Screening List.
The weight of a word is ln(1 + N / n) / ln(1 + N) for n of N names that hold it, in thousandths
and at least 120. Words of fewer than three names are left out: they weigh 1000, like every
unknown word. So are those of brand_words.csv, common in the lists only because one firm stands
there many times. Run it only for a new version of the model: scores move with it, so every
party is screened again.
"""

from __future__ import annotations

import collections
import csv
import gzip
import json
import math
import sys
from pathlib import Path

from klartecken.parties.names.forms import FORM_WORDS
from klartecken.parties.names.normal import readings

DATA = Path(__file__).resolve().parent.parent / "src/klartecken/parties/names/data"
TABLE = DATA / "word_weights.csv"
LEAST, RARE = 120, 3
KINDS = {"Entity": "organisation", "Individual": "person"}


def names(path: Path) -> list[tuple[str, str]]:
    """The names and aliases of the reduced list, with their kind."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found = []
    for entry in json.loads(raw)["entries"]:
        kind = KINDS.get(entry.get("t", ""), "unknown")
        found += [(name, kind) for name in {entry["n"], *(entry.get("a") or ())}]
    return found


def main(path: Path) -> None:
    """Count and write."""
    forms = {form for name, kind in names(path) for form in readings(name, kind)[:1]}
    counts = collections.Counter(word for form in forms for word in set(form.split()))
    whole = math.log(1 + len(forms))
    brands = set((DATA / "brand_words.csv").read_text(encoding="utf-8").split())
    rows = [
        (word, max(LEAST, round(1000 * math.log(1 + len(forms) / n) / whole)))
        for word, n in counts.items()
        if n >= RARE and len(word) > 1 and word not in FORM_WORDS | brands
    ]
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("word", "weight"))
        writer.writerows(sorted(rows))
    print(f"{len(rows)} words of {len(forms)} names")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
