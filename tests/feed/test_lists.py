import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from klartecken.errors import InputError
from klartecken.feed.lists import attempts, chosen, sources, update
from klartecken.parties.lists.accept import Accepted
from klartecken.parties.lists.store import heads, latest_head
from tests.feed.conftest import Answer, Web
from tests.parties.lists.made import csl_csv, csl_json, names

OK = Accepted("invented", "Ann Example")
NOW, TODAY = datetime(2026, 8, 2, 10, tzinfo=UTC), date(2026, 8, 2)


def run(home: Path, web: Web, path: str = "/list.json", **more: Any) -> Any:
    attempt, _, error = update(
        home, "made", web.url(path), NOW, TODAY, accepted=more.pop("accepted", None), **more
    )
    assert (attempt.status == "failed") == (error is not None)
    return attempt


def page(count: int, stamp: str = "2026-08-01T00:00:00Z") -> Answer:
    body = csl_json(names(count), stamp)

    def answer(asked: dict[str, str]) -> Answer:
        if asked.get("if-none-match") == '"one"':
            return Answer(status=304)
        return Answer(body, headers={"ETag": '"one"'})

    return answer  # type: ignore[return-value]


def test_new_then_unchanged(tmp_path: Path, web: Web) -> None:
    web.answers["/list.json"] = page(100)
    first = run(tmp_path, web, accepted=OK)
    second = run(tmp_path, web)
    assert (first.status, second.status) == ("new", "unchanged")
    assert second.label == first.label == heads(tmp_path)[0].label
    log, unreadable = attempts(tmp_path)
    assert [a.status for a in log] == ["new", "unchanged"]
    assert unreadable == 0


def test_unchanged_is_not_asked_of_a_snapshot_that_is_gone(tmp_path: Path, web: Web) -> None:
    import shutil

    web.answers["/list.json"] = page(100)
    label = run(tmp_path, web, accepted=OK).label
    shutil.rmtree(tmp_path / "lists" / label)
    assert run(tmp_path, web, accepted=OK).status == "new"
    assert "if-none-match" not in web.asked[-1][1]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (page(90, "2026-08-02T00:00:00Z"), "EL would shrink from 100 to 90"),
        (Answer(csl_json(names(100))[:-200]), "JSON"),
        (Answer(csl_json(names(100)), claimed=99_999), "cut short"),
        (Answer(b"<html>", headers={"Content-Type": "text/html"}), "text/html"),
        (Answer(b"x", 500), "500"),
        (Answer(b'{"what": 1}'), "no known layout"),
        (Answer(csl_json(names(100), "2027-01-01T00:00:00Z")), "today is"),
        (Answer(csl_json([])), "missing"),
    ],
)
def test_a_failure_leaves_the_old_list_in_use(
    tmp_path: Path, web: Web, answer: Answer, told: str
) -> None:
    web.answers["/list.json"] = page(100)
    web.answers["/bad"] = answer
    label = run(tmp_path, web, accepted=OK).label
    failed = run(tmp_path, web, "/bad")
    assert failed.status == "failed"
    assert told in failed.reason
    used = latest_head(tmp_path, TODAY)
    assert used is not None
    assert used.label == label
    assert len(heads(tmp_path)) == 1
    assert attempts(tmp_path)[0][-1] == failed


def test_a_csv_is_of_the_day_that_the_server_says(tmp_path: Path, web: Web) -> None:
    source = "Entity List (EL) - Bureau of Industry and Security"
    body = csl_csv([{"source": source, "name": "Invented Works"}])
    kind = {"Content-Type": "text/csv", "Last-Modified": "Sat, 01 Aug 2026 05:00:00 GMT"}
    web.answers["/a.csv"] = Answer(body, headers=kind)
    web.answers["/b.csv"] = Answer(body + b"\n", headers={**kind, "Last-Modified": "soon"})
    assert run(tmp_path, web, "/a.csv", accepted=OK).label.startswith("2026-08-01")
    assert run(tmp_path, web, "/b.csv", accepted=OK).label.startswith("2026-08-02")


def test_broken_notes_are_only_told(tmp_path: Path, web: Web) -> None:
    web.answers["/list.json"] = page(100)
    run(tmp_path, web, accepted=OK)
    with (tmp_path / "lists" / "updates.jsonl").open("a") as log:
        log.write('{"at": "20')  # killed while it was written
    (tmp_path / "lists" / "fetch.json").write_text("{")
    assert run(tmp_path, web).status == "new"  # asked anew, and the same snapshot
    assert len(heads(tmp_path)) == 1
    found, unreadable = attempts(tmp_path)
    assert unreadable == 1
    assert [a.status for a in found] == ["new", "new"]


def test_the_official_addresses() -> None:
    known = sources()
    assert [s.id for s in known if s.default] == ["csl-json"]
    assert all(s.url.startswith("https://") and s.source and s.grade for s in known)
    assert chosen(None, None)[1].endswith("/v1/consolidated.json")
    assert chosen("csl-csv", None)[0] == "csl-csv"
    assert chosen(None, "https://example.org/x") == ("", "https://example.org/x")
    for name, url in (("x", None), ("csl-csv", "https://example.org")):
        with pytest.raises(InputError):
            chosen(name, url)


def test_an_attempt_is_one_line_of_json(tmp_path: Path, web: Web) -> None:
    run(tmp_path, web, "/absent")
    (line,) = (tmp_path / "lists" / "updates.jsonl").read_text().splitlines()
    assert json.loads(line)["reason"].startswith("http://127.0.0.1")
