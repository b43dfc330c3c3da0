"""The endpoints, one file for each subject: plain functions."""

from klartecken.api.routes.applications import APPLICATIONS_API
from klartecken.api.routes.approvals import APPROVALS_API
from klartecken.api.routes.attachments import ATTACHMENTS_API
from klartecken.api.routes.breakglass import BREAKGLASS_API
from klartecken.api.routes.caps import CAPS_API
from klartecken.api.routes.conditions import CONDITIONS_API
from klartecken.api.routes.cover import COVER_API
from klartecken.api.routes.determinations import DETERMINATIONS_API
from klartecken.api.routes.evidence import EVIDENCE_API
from klartecken.api.routes.imports import IMPORTS_API
from klartecken.api.routes.keeping import KEEPING_API
from klartecken.api.routes.ledger import LEDGER_API
from klartecken.api.routes.licences import LICENCES_API
from klartecken.api.routes.lines import LINES_API
from klartecken.api.routes.people import PEOPLE_API
from klartecken.api.routes.records import RECORDS_API
from klartecken.api.routes.reference import REFERENCE_API, SETTINGS_API
from klartecken.api.routes.releases import RELEASES_API
from klartecken.api.routes.runs import RUNS_API
from klartecken.api.routes.system import SYSTEM_API
from klartecken.api.routes.watch import WATCH_API
from klartecken.api.routes.webhooks import WEBHOOKS_API
from klartecken.api.routes.worklist import WORKLIST_API
from klartecken.api.subject import Subject

#: In the order of the specification.
SUBJECTS: tuple[Subject, ...] = (
    DETERMINATIONS_API, LINES_API, WORKLIST_API, RELEASES_API, IMPORTS_API, RUNS_API,
    BREAKGLASS_API, APPROVALS_API, LICENCES_API, COVER_API, CONDITIONS_API, CAPS_API,
    APPLICATIONS_API, WATCH_API, EVIDENCE_API, ATTACHMENTS_API, LEDGER_API, RECORDS_API,
    KEEPING_API, PEOPLE_API, SETTINGS_API, REFERENCE_API, WEBHOOKS_API, SYSTEM_API,
)  # fmt: skip
