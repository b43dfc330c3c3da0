"""All state machines of the desk."""

from klartecken.desk.machines.application import APPLICATION
from klartecken.desk.machines.breakglass import BREAKGLASS
from klartecken.desk.machines.condition import CONDITION
from klartecken.desk.machines.licence import LICENCE
from klartecken.desk.machines.line import LINE

MACHINES = (LINE, APPLICATION, LICENCE, CONDITION, BREAKGLASS)
