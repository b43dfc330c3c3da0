"""Write docs/desk/states.md, holds.md and roles.md from the tables of the desk.

Run it as ``python tools/desk_docs.py``.
"""

from __future__ import annotations

from pages import ROOT, one_line, write_all

from klartecken.desk.holds import HOLDS
from klartecken.desk.machines.all import MACHINES
from klartecken.desk.machines.machine import Machine, Move
from klartecken.desk.people.roles import PERMISSIONS, ROLES

FOLDER = ROOT / "docs" / "desk"
MADE = "Generated from [{name}](../../src/klartecken/desk/{name}) by `make docs`; do not edit."


def cell(text: str) -> str:
    """Text for a table cell."""
    return " ".join(text.split()).replace("|", "\\|")


def words(name: str) -> str:
    """A name in words."""
    return name.replace("_", " ")


def states() -> str:
    """The page of all state machines: a diagram and two tables for each."""
    parts = [
        "# States",
        "",
        "Each table below is what the program runs by: an event that is not in it is refused, "
        "and changes nothing. " + MADE.format(name="machines"),
        "",
    ]
    for machine in MACHINES:
        parts += machine_part(machine)
    return "\n".join(parts).rstrip() + "\n"


def machine_part(machine: Machine) -> list[str]:
    """One machine."""
    return [
        f"## {machine.name[0].upper()}{machine.name[1:]}", "",
        "```mermaid", *diagram(machine), "```", "",
        "| state | meaning |", "|---|---|",
        *(f"| {words(name)} | {cell(text)} |" for name, text in machine.states.items()), "",
        "| event | from | to | who | must hold | what follows | rule |",
        "|---|---|---|---|---|---|---|",
        *(row(machine, move) for move in machine.moves), "",
    ]  # fmt: skip


def diagram(machine: Machine) -> list[str]:
    """The machine as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"  [*] --> {machine.initial}"]
    for move in machine.moves:
        lines += [f"  {source} --> {move.target}: {words(move.event)}" for source in move.sources]
    return [*lines, *(f"  {state} --> [*]" for state in machine.final)]


def row(machine: Machine, move: Move) -> str:
    """One row of the table of moves."""
    sources = "any" if set(move.sources) == set(machine.states) else ", ".join(
        words(source) for source in move.sources
    )  # fmt: skip
    who = ", ".join(words(role) for role, held in ROLES.items() if move.permission in held)
    cells = (words(move.event), sources, words(move.target), who or "by itself", move.guard,
             move.effect, move.cite)  # fmt: skip
    return "| " + " | ".join(cell(text) for text in cells) + " |"


def holds() -> str:
    """The page of holds."""
    lines = [
        "# Holds", "",
        "All that can stand against an order line. A line leaves only when none is left; a hold "
        "goes when its cause goes. " + MADE.format(name="holds.py"), "",
        "| code | what | what cures it | who | rule | two people may set it aside |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for code, kind in HOLDS.items():
        aside = "yes" if kind.overridable else ""
        told = (f"`{code}`", kind.title, kind.cure, words(kind.who), kind.cite, aside)
        lines.append("| " + " | ".join(cell(text) for text in told) + " |")
    return "\n".join(lines) + "\n"


def roles() -> str:
    """The page of roles: who may do what."""
    lines = [
        "# Roles", "",
        "Who may do what. Besides, who prepared something never approves it. "
        + MADE.format(name="people/roles.py"), "",
        "| | " + " | ".join(words(role) for role in ROLES) + " |",
        "|---|" + "---|" * len(ROLES),
    ]  # fmt: skip
    for permission in sorted(PERMISSIONS):
        marks = ("x" if permission in held else "" for held in ROLES.values())
        lines.append(f"| `{permission}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def generate() -> dict[str, str]:
    """All pages by name."""
    return {"states.md": states(), "holds.md": holds(), "roles.md": roles()}


def main() -> None:
    """Write the pages."""
    made = generate()
    write_all({FOLDER / name: text for name, text in made.items()})
    print(f"written: {', '.join(made)} in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    one_line(main)
