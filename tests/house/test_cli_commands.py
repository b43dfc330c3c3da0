"""Every command has its help, its JSON and its place in the documentation."""

import json

import cli_docs
import pytest

from klartecken.cli import main
from tests.house.places import ROOT
from tests.house.program import klartecken

COMMANDS = {path: command for path, command, _ in cli_docs.commands(main, "klartecken")}
ONLY_GROUPS = {  # they print their help
    "klartecken", "klartecken book", "klartecken lists", "klartecken owners", "klartecken parties",
    *(f"klartecken desk{part}" for part in (
        "", " people", " token", " licence", " condition", " cap", " application", " evidence",
        " audit", " audit legal-hold", " break-glass", " webhook",
    )),
}  # fmt: skip
UNTIL_STOPPED = {"klartecken desk serve"}  # it answers over HTTP
LEAVES = [path for path in COMMANDS if path not in ONLY_GROUPS]

# a call of each command that answers; the keys are also the list of what must exist
CALLS = {
    "check": ("nvidia-h20", "--to", "CN", "--on", "2025-07-15"),
    "history": ("nvidia-h20", "--to", "CN", "--until", "2025-07-15"),
    "chips": (),
    "chip": ("nvidia-h20",),
    "law": ("--on", "2025-07-15"),
    "law show": ("level.a",),
    "law changes": ("--since", "2026-01-01"),
    "facts": (),
    "gaps": (),
    "events": ("H20",),
    "book columns": (),
    "reform": (),
    "reform list": (),
    "reform show": ("january-2026-path-40000",),
    "reform diff": ("january-2026-path-40000",),
    "diff": ("--from", "2025-04-08", "--to", "2025-04-09"),
    "owners list": ("--home", "no-such-folder"),
    "sweep": ("parameters.b.tpp_b1", "2300..2400", "--steps", "2", "--on", "2026-03-02"),
    "lists status": ("--home", "absent"),
    "screen": ("Invented Works", "--home", "absent"),
    "parties list": ("--home", "absent"),
    "parties decisions": ("--home", "absent"),
    "desk template": (),
}  # fmt: skip
NEED_A_FILE = {
    "replay", "map", "book check", "book summary", "book explain", "book synth", "lists import",
    "lists update", "lists show", "lists diff", "lists verify", "owners import", "owners remove",
    "owners show", "owners check", "parties import", "parties show", "parties decide",
    "parties withdraw", "screen-file",
    # these need a desk: tests/cli/desk
    *(f"desk {name}" for name in (
        "demo", "init", "serve", "settings", "import", "worklist", "show", "edit", "assign",
        "approve", "hold", "lift", "release", "ship", "take-back", "cancel", "reevaluate",
        "look-backs", "filing",
    )),
    *(f"desk people {name}" for name in ("list", "add", "invite", "change")),
    *(f"desk token {name}" for name in ("new", "accept", "list", "revoke")),
    *(f"desk licence {name}" for name in (
        "register", "edit", "verify", "event", "list", "show", "reminders", "reconcile",
    )),
    *(f"desk condition {name}" for name in ("list", "close")),
    *(f"desk cap {name}" for name in ("list", "add")),
    *(f"desk application {name}" for name in (
        "new", "prefill", "edit", "list", "show", "ask-approval", "approve", "event", "tick",
        "sheet", "statuses", "attach", "change", "resubmit",
    )),
    *(f"desk evidence {name}" for name in ("record", "verify", "withdraw", "list", "news")),
    *(f"desk audit {name}" for name in (
        "verify", "anchor", "search", "history", "bundle", "check-bundle", "retention",
        "legal-hold place", "legal-hold lift", "legal-hold list",
    )),
    *(f"desk break-glass {name}" for name in ("ask", "second", "end", "report", "list")),
    *(f"desk webhook {name}" for name in ("list", "add", "change", "deliveries")),
}  # fmt: skip


@pytest.mark.parametrize("path", COMMANDS)
def test_help(path: str) -> None:
    ran = klartecken(*path.split()[1:], "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: {path}")
    assert ran.err == ""


@pytest.mark.parametrize("path", sorted(ONLY_GROUPS))
def test_a_group_alone_prints_its_help(path: str) -> None:
    ran = klartecken(*path.split()[1:])
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: {path}")


def test_every_option_is_explained() -> None:
    bare = [
        f"{path} {parameter.opts[0]}"
        for path in LEAVES
        for parameter in COMMANDS[path].params
        if parameter.param_type_name == "option" and not getattr(parameter, "help", None)
    ]
    assert not bare


@pytest.mark.parametrize("path", [path for path in LEAVES if path not in UNTIL_STOPPED])
def test_every_command_speaks_json(path: str) -> None:
    names = {option for parameter in COMMANDS[path].params for option in parameter.opts}
    assert "--json" in names


@pytest.mark.parametrize("path", [name for name in LEAVES if name.split(" ", 1)[1] in CALLS])
def test_json_is_json(path: str) -> None:
    name = path.split(" ", 1)[1]
    ran = klartecken(*name.split(), *CALLS[name], "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)


def test_no_command_is_left_out() -> None:
    assert {path.split(" ", 1)[1] for path in LEAVES} == set(CALLS) | NEED_A_FILE


def test_the_page_of_commands_is_up_to_date() -> None:
    page = ROOT / "docs" / "cli.md"
    assert page.read_text(encoding="utf-8") == cli_docs.generate(), "run `make docs`"
