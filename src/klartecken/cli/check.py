"""`klartecken check`: one case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from klartecken.cli.common import (
    day_of,
    json_option,
    question_options,
    read_facts,
    show_answer,
    write_new,
)
from klartecken.cli.partyoptions import name_options, with_context


@click.command("check")
@click.argument("item")
@click.option("--on", metavar="DATE", help="Day of shipment (YYYY-MM-DD). Default: today.")
@question_options
@name_options
@json_option
@click.option(
    "--receipt", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write a receipt that `klartecken replay` answers again.",
)  # fmt: skip
def check_command(
    item: str, on: str | None, as_json: bool, receipt: Path | None, facts: tuple[str, ...],
    **question: Any,
) -> None:  # fmt: skip
    """May ITEM go to that place, that party, that use, on that day?

    ITEM is a chip or server of the catalogue (see `klartecken chips`), server:8xCHIP, a
    YAML file that describes your own, or any name when --fact describes it.

    \b
    klartecken check nvidia-h20 --to CN --on 2025-07-15 --exporter NVIDIA
    klartecken check nvidia-h100-sxm --to SG --hq CN --on 2024-06-01
    klartecken check my-chip --to CN --fact tpp=2300..2400 --fact datacenter=no
    klartecken check nvidia-h20 --to SG --hq SG --consignee "Example Trading"
    """
    from klartecken.decide.ask import check

    answer = check(item, on=day_of(on), facts=read_facts(facts), **with_context(question))
    if receipt is not None:
        import json

        write_new(receipt, json.dumps(answer.receipt(), indent=1, ensure_ascii=False) + "\n")
    show_answer(answer, as_json)
    if receipt is not None and not as_json:
        click.echo(f"\nreceipt: {receipt}")
