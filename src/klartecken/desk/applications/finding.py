"""What can be wrong with an application: a table of findings."""

from __future__ import annotations

from dataclasses import dataclass

BLOCKING, WARNING = "blocking", "warning"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: what is wrong, by which rule, and whether it stops the filing."""

    text: str
    cite: str = ""
    severity: str = BLOCKING


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of an application.

    Attributes:
        code: a name in :data:`KINDS`.
        where: path in the form, or what else it is about.
        detail: what it is about here.
    """

    code: str
    where: str = ""
    detail: str = ""

    @property
    def kind(self) -> Kind:
        """Text, rule and severity."""
        return KINDS[self.code]

    @property
    def blocks(self) -> bool:
        """Does it stop approval and filing?"""
        return self.kind.severity == BLOCKING

    @property
    def text(self) -> str:
        """The whole of it in one sentence."""
        return f"{self.kind.text} ({self.detail})" if self.detail else self.kind.text

    def to_dict(self) -> dict[str, str]:
        """As plain data."""
        return {"code": self.code, "where": self.where, "text": self.text,
                "cite": self.kind.cite, "severity": self.kind.severity}  # fmt: skip


_FORM = "Supplement No. 1 to part 748"
KINDS: dict[str, Kind] = {
    # -- who and what
    "type_missing": Kind("the type of application is not said", f"{_FORM}, block 5"),
    "classification_request": Kind(
        "a classification request asks for no licence and is not run at this desk",
        f"{_FORM}, block 5"),
    "not_from_us": Kind(
        "an export leaves from the United States, and this does not", f"{_FORM}, block 5"),
    "ship_from_missing": Kind("it is not said where the items leave from"),
    "contact_missing": Kind("nobody is named whom BIS can ask", f"{_FORM}, blocks 1-2"),
    "certifier_missing": Kind("nobody is named who signs", f"{_FORM}, block 25"),
    "applicant_missing": Kind("there is no applicant", "748.4(a)"),
    "applicant_not_us": Kind(
        "only a person in the United States may apply to export from there", "748.4(a)"),
    "agent_without_power": Kind(
        "an agent needs a written power of attorney, on file or attached", "748.4(b), 758.1(h)"),
    # -- the same transaction, goods that have gone
    "duplicate": Kind(
        "an application for the same transaction is pending", "748.4(f)"),
    "duplicate_distinct": Kind(
        "looks like one that is pending; it is said to be another transaction", "748.4(f)",
        WARNING),
    "duplicate_draft": Kind("another draft is for the same transaction", "748.4(f)", WARNING),
    "laden_unsaid": Kind("it is not said whether the goods are laden or exported", "748.4(d)"),
    "laden": Kind("the goods are already laden or exported", "748.4(d)"),
    # -- numbers
    "acn_format": Kind(
        "an application control number is one letter and six digits", "748.6(b)"),
    "acn_as_licence": Kind(
        "this is an application control number, which is not a licence number", "748.6(b)"),
    "resubmission_without_acn": Kind(
        "a resubmission names the application control number of the earlier one", "748.4(g)"),
    "resubmission_unsaid": Kind(
        "block 24 must name the earlier application too", "748.4(g)"),
    "resubmission_pending": Kind("the earlier application is still pending", "748.4(f)"),
    "resubmission_unknown": Kind("the earlier application is not known here", "748.4(g)", WARNING),
    # -- papers
    "not_pdf": Kind("what is attached to an application is PDF", "748.6(e)"),
    "document_missing": Kind(
        "said to be submitted, and no such file is attached", f"{_FORM}, block 6"),
    "document_unsaid": Kind(
        "attached to be submitted, and the form does not say so", f"{_FORM}, block 6"),
    "document_elsewhere": Kind(
        "said to be on file, and no such file is kept here", f"{_FORM}, block 7", WARNING),
    "china_statement": Kind(
        "China's end-user statement is needed; the application may go before it arrives, and "
        "nothing may ship before it is in hand", "748.10(a), 748.9(e)", WARNING),
    # -- parties
    "consignee_missing": Kind("there is no ultimate consignee", "748.5"),
    "end_user_missing": Kind("there is no end user", "748.5"),
    "party_incomplete": Kind("the party lacks something", "748.5"),
    "forwarder": Kind("an ultimate consignee or end user is never a forwarder", "748.5"),
    "forwarder_unsaid": Kind("it is not said whether this is a forwarder", "748.5", WARNING),
    "forwarder_name": Kind("the name is that of a forwarder or carrier", "748.5", WARNING),
    "role_twice": Kind("the block holds one party", _FORM, WARNING),
    "original_missing": Kind(
        "a reexport names the original ultimate consignee", f"{_FORM}, block 20", WARNING),
    # -- use and lines
    "end_use_missing": Kind("the specific end use is not said", f"{_FORM}, block 21"),
    "end_use_uncoded": Kind("the category of the end use is not said"),
    "end_use_barred": Kind("this end use is one of part 744", "part 744", WARNING),
    "lines_missing": Kind("there is no item", f"{_FORM}, block 22"),
    "line_incomplete": Kind("the line lacks something", f"{_FORM}, block 22"),
    "line_nothing": Kind("a quantity and a price are more than nothing", f"{_FORM}, block 22"),
    "eccn_format": Kind("this is no ECCN", f"{_FORM}, block 22(a)"),
    "eccn_uncontrolled": Kind("EAR99 is not on the Commerce Control List", "", WARNING),
    "performance_missing": Kind("the performance is not said", f"{_FORM}, block 22(b)"),
    "line_total": Kind("the total is not quantity times unit price", f"{_FORM}, block 22(h)"),
    "total_value": Kind("the total value is not the sum of the lines", f"{_FORM}, block 23"),
    "all_or_nothing_unsaid": Kind(
        "it is not said whether part of it would do", "748.6(c)", WARNING),
    # -- the checklist
    "checklist_open": Kind("not shown yet", "checklist"),
    "path_unfit": Kind("the review policy chosen is not for this application", "checklist"),
    "policy_unsaid": Kind("no review policy is named", "", WARNING),
}  # fmt: skip
