"""Papers that some lines need beside their authorisation, each with a hold of its own.

Only what a second person has verified counts. Pure after reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from klartecken.desk.errors import Refused
from klartecken.desk.evidence.ladder import GENERAL, PAPERS
from klartecken.desk.holds import Hold
from klartecken.desk.licences.balance import value_of
from klartecken.desk.licences.content import NOTIFY
from klartecken.desk.licences.same import key_of, legal_place_of, names_of
from klartecken.desk.storage.tables.licences import CONDITIONS, LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.records import EVIDENCE
from klartecken.desk.work import Row, find

NOTICE_DAYS = 25  # calendar days from the notification to the shipment (740.8)
EUS_VALUE, EUS_CURRENCY = Decimal(50_000), "USD"  # above it, any licensed commodity (748.10(a))
NAC = "NAC"
ROLES = ("consignee", "end_user", "purchaser", "intermediate")
_AS_FACTS = ("purchase_order", "single_end_user", "nac_six_items")
_Key = tuple[str, int]


class PaperBook:
    """The verified papers and open reports to BIS. Build it with :func:`read_papers`.

    Args:
        papers: by subject and id.
        licences: by licence line: id of its licence, of the application, and the total value
            in US dollars (None: in another currency).
        reports: texts of open reports to BIS, by ``lines`` or ``licences`` and id.
    """

    def __init__(
        self, papers: Mapping[_Key, list[Row]],
        licences: Mapping[int, tuple[int, int | None, Decimal | None]],
        reports: Mapping[_Key, list[str]],
    ) -> None:  # fmt: skip
        self._papers, self._licences, self._reports = papers, licences, reports

    def facts(self, line: Row, day: date) -> dict[str, str]:
        """Facts for the determination that the papers of a line show on a day.

        The days of a NAC notification count from the day it was filed to the shipment (740.8).
        """
        found = {}
        notices = self._held(line, "nac_notice", day)
        if notices:
            found["nac_notice_days"] = str(max((day - row["on"]).days for row in notices))
        if self._held(line, "nac_number", day):
            found["nac_number_received"] = "yes"
        for kind in _AS_FACTS:
            if self._held(line, kind, day):
                found[kind] = "yes"
        return found

    def holds(
        self, line: Row, day: date, outcome: str, exceptions_text: str, confirmed_uvl: bool,
        eccns: Iterable[str], uvl_parties: Iterable[str] = (),
    ) -> list[Hold]:  # fmt: skip
        """What stands against a line for want of a paper, on a day; [] if nothing.

        Args:
            outcome: of the determination.
            exceptions_text: the exceptions found, as an answer's column prints them.
            confirmed_uvl: is a party on the Unverified List?
            eccns: paragraphs of the classification, possible ones too; none: not known.
            uvl_parties: which parties; without them only a statement recorded for this very
                line counts.
        """
        found = [
            Hold("notify_bis", text)
            for key in (("lines", line["id"]), ("licences", self._licence(line)[0]))
            for text in self._reports.get(key, ())
        ]
        found += self._nac(line, day, exceptions_text)
        if _licensed(line, outcome) and legal_place_of(line["destination"]) in ("CN", ""):
            found += self._end_user_statement(line, day, list(eccns))
        if confirmed_uvl and line["authorisation"] != "licence":
            found += self._uvl(line, day, list(uvl_parties))
        return _one_each(found)

    def _nac(self, line: Row, day: date, exceptions_text: str) -> list[Hold]:
        """Any notification that is old enough, and its number: 740.8, for NAC alone."""
        if line["authorisation"] != "exception" or line["exception"] != NAC:
            return []
        notices = self._held(line, "nac_notice", day)
        if not notices:
            return [Hold("nac_notice", "no notification is recorded and verified")]
        filed = min(row["on"] for row in notices)
        first = filed + timedelta(NOTICE_DAYS)
        if day < first:
            return [Hold("nac_notice", f"filed on {filed}: not before {first}")]
        if not self._held(line, "nac_number", day):
            told = f" ({exceptions_text})" if exceptions_text else ""
            return [Hold("nac_notice", f"BIS's number has not been recorded and verified{told}")]
        return []

    def _end_user_statement(self, line: Row, day: date, eccns: list[str]) -> list[Hold]:
        """Computers at any value, any licensed commodity above 50,000 USD in total (748.10(a));
        what is not known counts as needing one."""
        total = self._total(line)
        computer = not eccns or any(e.upper().startswith("4A") for e in eccns)
        if not computer and total is not None and total <= EUS_VALUE:
            return []
        if self._held(line, "end_user_statement", day) or self._held(line, "eus_exempt", day):
            return []
        why = "a computer, at any value" if computer else (
            "the total value is not known in US dollars" if total is None
            else f"{total} {EUS_CURRENCY} in total"
        )  # fmt: skip
        return [Hold("end_user_statement", why)]

    def _uvl(self, line: Row, day: date, parties: list[str]) -> list[Hold]:
        if _counted(self._papers.get((LINES.name, line["id"]), ()), "uvl_statement", day):
            return []
        general = _counted(self._papers.get((GENERAL, 0), ()), "uvl_statement", day)
        signed = {key_of(row["party"]) for row in general if row["party"]}
        without = [party for party in parties if key_of(party) not in signed]
        if parties and not without:
            return []
        named = without or [name for role in ROLES for name in names_of(line[role])]
        return [Hold("uvl_statement", "; ".join(dict.fromkeys(named)))]

    def _licence(self, line: Row) -> tuple[int, int | None, Decimal | None]:
        return self._licences.get(line["licence_line"] or 0, (0, None, None))

    def _total(self, line: Row) -> Decimal | None:
        """In US dollars: of the licence, or of the line while it has none."""
        if line["licence_line"] is not None:
            return self._licence(line)[2]
        try:
            return value_of(line) if line["currency"] == EUS_CURRENCY else None
        except Refused:
            return None

    def _held(self, line: Row, kind: str, day: date) -> list[Row]:
        """The papers of a kind for a line; those about a licence only count for statements."""
        rows = list(self._papers.get((LINES.name, line["id"]), ()))
        if kind in ("end_user_statement", "eus_exempt"):
            licence, application, _ = self._licence(line)
            rows += self._papers.get((LICENCES.name, licence), ())
            rows += self._papers.get(("applications", application or 0), ())
        return _counted(rows, kind, day)


def _counted(rows: Iterable[Row], kind: str, day: date) -> list[Row]:
    return [r for r in rows if r["kind"] == kind and r["on"] <= day and r["known_from"] <= day]


def _licensed(line: Row, outcome: str) -> bool:
    """Does it leave, or would it have to leave, on a licence?"""
    if line["authorisation"] == "licence":
        return True
    return line["authorisation"] != "exception" and outcome == "licence_required"


def _one_each(holds: list[Hold]) -> list[Hold]:
    """One hold for each code, with all details."""
    details: dict[str, dict[str, None]] = {}
    for hold in holds:
        details.setdefault(hold.code, {})[hold.detail] = None
    return [Hold(code, "; ".join(texts)) for code, texts in details.items()]


def read_papers(connection: Connection) -> PaperBook:
    """The verified papers and open reports as they are now."""
    papers: dict[_Key, list[Row]] = {}
    rows = find(connection, EVIDENCE, EVIDENCE.c.kind.in_(tuple(PAPERS)),
                EVIDENCE.c.verified_by.is_not(None), withdrawn=False)  # fmt: skip
    for row in rows:
        papers.setdefault((row["subject"], row["subject_id"]), []).append(row)
    applications = {row["id"]: row["application"] for row in find(connection, LICENCES)}
    lines = find(connection, LICENCE_LINES)
    totals: dict[int, Decimal | None] = {}
    for line in lines:
        before = totals.get(line["licence"], Decimal(0))
        foreign = before is None or line["currency"] != EUS_CURRENCY
        totals[line["licence"]] = None if foreign or before is None else before + line["value"]
    licences = {
        line["id"]: (line["licence"], applications[line["licence"]], totals[line["licence"]])
        for line in lines
    }
    reports: dict[_Key, list[str]] = {}
    for row in find(connection, CONDITIONS, kind=NOTIFY, state="open"):
        key = (LINES.name, row["line"]) if row["line"] else (LICENCES.name, row["licence"])
        reports.setdefault(key, []).append(row["text"])
    return PaperBook(papers, licences, reports)
