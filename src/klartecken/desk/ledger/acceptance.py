"""The legal acceptance list of an electronic archive (15 CFR 762.5), and how the desk meets it.

Each row names the tests that pin it; a test looks whether they are there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demand:
    """One paragraph.

    Attributes:
        cite: the paragraph.
        asks: what it asks for.
        met: how the desk meets it; for what is the user's own part, what remains to do.
        tests: file and function, as ``ledger/test_verify.py::test_a_changed_entry``, in the
            tests of the desk.
    """

    cite: str
    asks: str
    met: str
    tests: tuple[str, ...]


ACCEPTANCE: tuple[Demand, ...] = (
    Demand(
        "762.5(b)(1)-(3)", "everything can be printed and is legible",
        "An audit bundle holds a page that prints, and all of it as JSON",
        ("ledger/test_bundle.py::test_the_page_holds_everything",),
    ),
    Demand(
        "762.5(b)(4)", "the initial image is preserved; every change is recorded with who and "
        "when; nothing can be altered once recorded",
        "The first entry holds the whole record and each later one the columns before and after; "
        "entries are chained by their hashes, the database refuses to change them, and "
        "verification finds what was changed all the same",
        ("ledger/test_verify.py::test_any_cell_altered_is_found",
         "ledger/test_history.py::test_a_record_as_it_stood",
         "storage/test_migrate.py::test_what_is_written_once_stays"),
    ),
    Demand(
        "762.5(b)(5)-(6)", "written procedures, responsible people by name, checks of quality",
        "The user's own part; the desk gives roles, named people, four eyes, "
        "`klartecken desk audit verify` and an anchor to keep elsewhere",
        ("ledger/test_verify.py::test_the_whole_chain_computed_anew_is_found_by_the_anchor",),
    ),
    Demand(
        "762.5(b)(7)", "complete, or to be correlated with records of the same transaction in "
        "other systems",
        "Foreign numbers are kept and searched: the line's own id, the order, the application "
        "control number, the licence, the filing (ITN)",
        ("ledger/test_search.py::test_every_key_finds_the_whole_transaction",),
    ),
    Demand(
        "762.5(b)(8)", "where, when, by whom and on what equipment each record was entered",
        "Each entry holds the moment (UTC), the person and the channel with its machine",
        ("ledger/test_search.py::test_who_when_and_on_what",),
    ),
    Demand(
        "762.5(b)(9)", "records are produced on request",
        "An audit bundle per order or application, which can be checked without the desk",
        ("ledger/test_bundle.py::test_a_bundle_is_checked_without_the_desk",),
    ),
    Demand(
        "762.5(c)", "all records of a transaction can be found by any one of party name, country "
        "connected and document reference number",
        "Each of the three finds all records and entries of the transaction, also under a name "
        "that it no longer has",
        ("ledger/test_search.py::test_every_key_finds_the_whole_transaction",
         "ledger/test_search.py::test_a_former_name_finds_it_too"),
    ),
    Demand(
        "762.6", "five years from the latest of export, known reexport or diversion, and end "
        "of the transaction",
        "The day is computed and shown; the period can be made longer, and not shorter; the "
        "program destroys nothing",
        ("ledger/test_retention.py::test_five_years_from_the_latest",
         "ledger/test_retention.py::test_never_less_than_five_years"),
    ),
    Demand(
        "762.6", "nothing is destroyed once an agency has asked",
        "A legal hold keeps whatever belongs to the transaction, however old",
        ("ledger/test_retention.py::test_a_legal_hold_keeps_it_beyond_any_day",),
    ),
)  # fmt: skip


def table() -> str:
    """The list as a table of a page."""
    rows = [f"| {d.cite} | {d.asks} | {d.met} | {', '.join(f'`{t}`' for t in d.tests)} |"
            for d in ACCEPTANCE]  # fmt: skip
    return "\n".join(("| 15 CFR | asks for | how it is met | pinned by |", "|---|---|---|---|",
                      *rows))  # fmt: skip
