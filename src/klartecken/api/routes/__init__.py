"""The endpoints, one file for each subject: plain functions."""

from klartecken.api.routes.approvals import APPROVALS_API
from klartecken.api.routes.breakglass import BREAKGLASS_API
from klartecken.api.routes.determinations import DETERMINATIONS_API
from klartecken.api.routes.imports import IMPORTS_API
from klartecken.api.routes.ledger import LEDGER_API
from klartecken.api.routes.lines import LINES_API
from klartecken.api.routes.people import PEOPLE_API
from klartecken.api.routes.reference import REFERENCE_API, SETTINGS_API
from klartecken.api.routes.releases import RELEASES_API
from klartecken.api.routes.runs import RUNS_API
from klartecken.api.routes.system import SYSTEM_API
from klartecken.api.routes.webhooks import WEBHOOKS_API
from klartecken.api.routes.worklist import WORKLIST_API
from klartecken.api.subject import Subject

#: In the order of the specification.
SUBJECTS: tuple[Subject, ...] = (
    DETERMINATIONS_API, LINES_API, WORKLIST_API, RELEASES_API, IMPORTS_API, RUNS_API,
    BREAKGLASS_API, SETTINGS_API, REFERENCE_API, PEOPLE_API, APPROVALS_API, LEDGER_API,
    WEBHOOKS_API, SYSTEM_API,
)  # fmt: skip
