"""The blocks of the BIS-748P data set, as a table: number, name, field of the form, tag.

Numbers tagged ``memory`` were not seen in the rule's text and must be checked on the form
itself (licence-desk facts, part 748, Supplement No. 1). Numbers of the desk's own fields are
empty: they are not filed.
"""

from __future__ import annotations

from dataclasses import dataclass

READ, NAMED, MEMORY = "primary", "secondary", "memory"


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    Attributes:
        number: as on the form: ``14``, ``22(e)``.
        name: what the form calls it, shortened.
        field: where the form of the desk holds it: ``lines.quantity``, ``parties.applicant``.
        tag: how well its number is known: ``primary``, ``secondary`` or ``memory``.
    """

    number: str
    name: str
    field: str
    tag: str


BLOCKS: tuple[Block, ...] = (
    Block("1", "Contact person", "contact.name", READ),
    Block("2", "Telephone", "contact.telephone", READ),
    Block("3", "Facsimile", "contact.facsimile", READ),
    Block("4", "Date of application", "filed_on", READ),
    Block("5", "Type of application", "application_type", READ),
    Block("6", "Documents submitted with the application", "documents_submitted", READ),
    Block("7", "Documents on file with the applicant", "documents_on_file", NAMED),
    Block("9", "Special purpose", "special_purpose", MEMORY),
    Block("10", "Resubmission: application control number", "resubmission_of", MEMORY),
    Block("11", "Replacement: licence number", "replaces_licence", NAMED),
    Block("12", "Items previously exported", "previously_exported", MEMORY),
    Block("13", "Import or end-user certificate", "euc_ref", MEMORY),
    Block("14", "Applicant", "parties.applicant", NAMED),
    Block("15", "Other party authorised to receive the licence", "parties.agent", NAMED),
    Block("16", "Purchaser", "parties.purchaser", MEMORY),
    Block("17", "Intermediate consignee", "parties.intermediate", MEMORY),
    Block("18", "Ultimate consignee", "parties.consignee", MEMORY),
    Block("19", "End user", "parties.end_user", MEMORY),
    Block("20", "Original ultimate consignee", "parties.original_consignee", MEMORY),
    Block("21", "Specific end use", "end_use", MEMORY),
    Block("22(a)", "ECCN", "lines.eccn", NAMED),
    Block("22(b)", "Performance", "lines.performance", NAMED),
    Block("22(c)", "Model", "lines.model", NAMED),
    Block("22(d)", "CCATS number", "lines.ccats", NAMED),
    Block("22(e)", "Quantity", "lines.quantity", MEMORY),
    Block("22(f)", "Units", "lines.unit", MEMORY),
    Block("22(g)", "Unit price (USD)", "lines.unit_price", MEMORY),
    Block("22(h)", "Total price (USD)", "lines.total", MEMORY),
    Block("22(i)", "Manufacturer", "lines.manufacturer", NAMED),
    Block("22(j)", "Technical description", "lines.description", MEMORY),
    Block("23", "Total application value (USD)", "total_value", MEMORY),
    Block("24", "Additional information", "narrative", NAMED),
    Block("25", "Signature", "certifier", NAMED),
)
BY_FIELD = {block.field: block for block in BLOCKS}

#: role -> what it is. The names are those of an order line, where it has them.
ROLES: dict[str, str] = {
    "applicant": "Applicant", "agent": "Agent, or other party to receive the licence",
    "purchaser": "Purchaser", "intermediate": "Intermediate consignee",
    "consignee": "Ultimate consignee", "end_user": "End user",
    "original_consignee": "Original ultimate consignee (reexports)",
}  # fmt: skip
#: Never a forwarder (748.5).
FINAL_ROLES = ("consignee", "end_user")

APPLICATION_TYPES: dict[str, str] = {
    "export": "Export", "reexport": "Reexport", "classification_request": "Classification request",
}  # fmt: skip

#: Kinds of documents, for blocks 6 and 7 and for attachments.
DOCUMENTS: dict[str, str] = {
    "end_user_statement": "End-user statement of China's commerce ministry",
    "import_certificate": "Import or end-user certificate",
    "power_of_attorney": "Power of attorney of an agent",
    "letter_of_explanation": "Letter of explanation",
    "technical_specification": "Technical specification",
    "purchase_order": "Purchase order or contract",
    "certification": "Certification for the review policy",
    "test_certificate": "Certificate of an independent test",
    "parties_appendix": "End-user appendix (BIS-748P-B)",
    "items_appendix": "Item appendix (BIS-748P-A)",
    "other": "Other",
}  # fmt: skip

#: The coded category of an end use: the options of the fact ``end_use``.
END_USES: dict[str, str] = {
    "commercial": "Commercial", "supercomputer": "Supercomputer", "military": "Military",
    "military_intelligence": "Military intelligence", "nuclear": "Nuclear",
    "missile": "Missile", "chemical_biological": "Chemical or biological weapons",
    "advanced_node_fab": "Production of advanced-node integrated circuits",
    "sme_development": "Development of semiconductor manufacturing equipment",
    "ai_training_wmd_mil": "Training of models for weapons or military use",
}  # fmt: skip
