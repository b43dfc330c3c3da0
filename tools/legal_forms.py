"""Make the table of legal forms from the organisation types of the library rigour.

rigour (MIT) keeps the field's list of legal forms, but its newer releases need a compiler
to install and a release may move scores. So we ship its data, frozen:

    python tools/legal_forms.py rigour-1.8.0-py3-none-any.whl

writes ``src/klartecken/parties/names/data/legal_forms.csv``. The wheel is read, not installed.
"""

from __future__ import annotations

import ast
import csv
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/klartecken/parties/names/data/legal_forms.csv"
MEMBER = "rigour/data/names/org_types.py"
# Words of ordinary English, and syllables of Chinese names, that are rare legal forms too:
# replacing them would blur more names than it would bring together
LEFT_OUT = frozenset({"in", "is", "im", "at", "ii", "yu", "da", "ed", "no", "private"})


def organisation_types(wheel: Path) -> list[dict[str, Any]]:
    """The records of the wheel's data module, read without running it."""
    with zipfile.ZipFile(wheel) as archive:
        tree = ast.parse(archive.read(MEMBER).decode("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            found: list[dict[str, Any]] = ast.literal_eval(node.value)
            return found
    raise SystemExit(f"{wheel}: {MEMBER} holds no table")


def normal(text: str) -> str:
    """NFKC, casefolded, single spaces: the text on which forms are looked for."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def forms(types: list[dict[str, Any]]) -> dict[str, str]:
    """Legal form -> generic class; the first class wins where rigour gives a form two."""
    table: dict[str, str] = {}
    for kind in types:
        generic = normal(kind.get("generic") or "")
        for text in (*kind.get("aliases", ()), kind.get("display") or ""):
            # the scan starts at a letter, so a leading sign ("-gmbh") could never be met
            form = normal(text).lstrip("-( ") if text.startswith("-") else normal(text)
            if generic and form and form[0].isalnum() and form not in LEFT_OUT:
                table.setdefault(form, generic)
    return table


def main() -> None:
    """Read the wheel named on the command line and write the table."""
    if len(sys.argv) != 2:
        raise SystemExit("Usage: python tools/legal_forms.py rigour-1.8.0-py3-none-any.whl")
    table = forms(organisation_types(Path(sys.argv[1])))
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("form", "generic"))
        writer.writerows(sorted(table.items()))
    print(f"{TARGET.name}: {len(table)} forms")


if __name__ == "__main__":
    main()
