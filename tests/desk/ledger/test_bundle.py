"""An audit bundle says everything, and can be checked without the desk."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from klartecken.decide.receipt import seal
from klartecken.desk.desk import Desk
from klartecken.desk.errors import NotFound
from klartecken.desk.ledger.bundle import MANIFEST, Bundle, bundle, write_folder, zipped
from klartecken.desk.ledger.bundlecheck import check_bundle
from klartecken.errors import InputError
from tests.desk.ledger.things import PAPER


def made(desk: Desk, order: str | None = "SO-00001", application: int | None = None) -> Bundle:
    with desk.read() as connection:
        return bundle(connection, order=order, application=application)


def test_a_bundle_is_checked_without_the_desk(busy: Desk, tmp_path: Path) -> None:
    held = made(busy)
    write_folder(held, tmp_path / "bundle")
    (tmp_path / "bundle.zip").write_bytes(zipped(held))
    for path in (tmp_path / "bundle", tmp_path / "bundle.zip"):
        found = check_bundle(path)
        assert found.ok, found.findings
        assert found.other_answers == ()
        assert found.digest == held.digest
        assert (found.receipts, found.attachments) == (1, 1)
        assert found.entries > 10
    if shutil.which("sha256sum"):
        subprocess.run(
            ["sha256sum", "-c", "--quiet", MANIFEST], cwd=tmp_path / "bundle", check=True
        )


def test_the_same_state_gives_the_same_bytes(busy: Desk) -> None:
    assert zipped(made(busy)) == zipped(made(busy))


def test_the_application_and_the_order_are_one_transaction(busy: Desk) -> None:
    order = json.loads(made(busy).files["bundle.json"])
    application = json.loads(made(busy, None, 1).files["bundle.json"])
    for name in ("records", "entries", "verdicts", "receipts", "versions", "people"):
        assert order[name] == application[name], name
    assert set(order["records"]) == {
        "lines", "releases", "movements", "licences", "licence_lines", "licence_parties",
        "conditions", "applications", "approvals", "evidence", "attachments",
    }  # fmt: skip
    assert {row["id"] for row in order["records"]["lines"]} == {1, 2}
    assert order["versions"]["law"][0]["regime"] == "us-ear"
    assert order["people"]["4"] == "Ann"


def test_the_page_holds_everything(busy: Desk) -> None:
    """Each value of each record, each entry's hash; and nothing from elsewhere."""
    held = made(busy)
    page = held.files["index.html"].decode()
    body = json.loads(held.files["bundle.json"])
    for rows in body["records"].values():
        for row in rows:
            for name, value in row.items():
                if isinstance(value, str) and value and not name.endswith("_at") and name != "at":
                    assert escape(value.replace("_", " ")) in page or escape(value) in page, name
    for entry in body["entries"]:
        assert entry["hash"][:12] in page
        assert escape(entry["why"]) in page
    for address in ("http:", "https:", "<script", "src=", "url("):
        assert address not in page


def test_text_cannot_break_out_of_the_page(busy: Desk) -> None:
    from klartecken.desk.ledger.bundlepage import page

    body = json.loads(made(busy).files["bundle.json"])
    poison = "<script>alert(1)</script>\"'&"
    for rows in body["records"].values():
        for row in rows:
            row.update({name: poison for name, value in row.items()
                        if isinstance(value, str) and name != "holds"})  # fmt: skip
    for entry in body["entries"]:
        entry.update(
            why=poison, action=poison, channel=poison, new={"x": poison}, old={"x": poison}
        )
    body["people"] = dict.fromkeys(body["people"], poison)
    assert "<script" not in page(body, {})


TAMPERS: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a file altered": lambda f: f.update({"index.html": b"<html>"}),
    "a file removed": lambda f: f.pop(next(n for n in f if n.startswith("attachments/"))),
    "a receipt removed": lambda f: f.pop(next(n for n in f if n.startswith("receipts/"))),
    "a file added": lambda f: f.update({"more.txt": b"more"}),
    "a line of the manifest": lambda f: f.update({MANIFEST: f[MANIFEST] + b"x\n"}),
}


def again(files: dict[str, bytes], change: Callable[[dict[str, object]], object]) -> None:
    """Change ``bundle.json`` and write the manifest anew, as a careful forger would."""
    body = json.loads(files["bundle.json"])
    change(body)
    files["bundle.json"] = json.dumps(body).encode()
    remake(files)


def remake(files: dict[str, bytes]) -> None:
    del files[MANIFEST]
    files[MANIFEST] = "".join(
        f"{hashlib.sha256(held).hexdigest()}  {path}\n" for path, held in sorted(files.items())
    ).encode()


def forged_receipt(files: dict[str, bytes]) -> None:
    """Another answer, with a new seal, a new name and a new manifest."""
    (name,) = [n for n in files if n.startswith("receipts/")]
    body = json.loads(files.pop(name))
    body["answer"]["outcome"] = "licence_required"
    body["seal"] = seal(body)
    files[f"receipts/{body['seal']}.json"] = json.dumps(body).encode()
    remake(files)


def a_file_replaced(files: dict[str, bytes]) -> None:
    (name,) = [n for n in files if n.startswith("attachments/")]
    files[name] = b"another paper"
    remake(files)


TAMPERS |= {
    "an entry": lambda f: again(f, lambda b: b["entries"][3].update(why="because")),  # type: ignore[index]
    "an entry removed": lambda f: again(f, lambda b: b["entries"].pop(0)),  # type: ignore[attr-defined]
    "entries swapped": lambda f: again(f, lambda b: b["entries"].reverse()),  # type: ignore[attr-defined]
    "a record": lambda f: again(f, lambda b: b["records"]["lines"][0].update(item="x")),  # type: ignore[index]
    "a record removed": lambda f: again(f, lambda b: b["records"]["lines"].pop()),  # type: ignore[index]
    "a record added": lambda f: again(f, lambda b: b["records"]["lines"].append({"id": 9})),  # type: ignore[index]
    "a receipt forged": forged_receipt,
    "a file replaced": a_file_replaced,
}


@pytest.mark.parametrize("what", TAMPERS)
def test_a_bundle_that_was_altered(what: str, busy: Desk, tmp_path: Path) -> None:
    held = made(busy)
    files = dict(held.files)
    TAMPERS[what](files)
    write_folder(Bundle(files, ""), tmp_path / "bundle")
    found = check_bundle(tmp_path / "bundle")
    assert not found.ok
    assert found.digest != held.digest or what.startswith("a file") or "receipt removed" in what


def test_what_is_no_bundle(busy: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(MANIFEST, "")
        archive.writestr("bundle.json", '{"format": "klartecken-bundle-1", "entries": [1]}')
    for name in ("a.zip", "b.zip", "empty", "none"):
        with pytest.raises(InputError):
            check_bundle(tmp_path / name)


def test_what_cannot_be_bundled(busy: Desk, tmp_path: Path) -> None:
    with busy.read() as connection:
        for order in ("SO-99999", ""):
            with pytest.raises(NotFound):
                bundle(connection, order=order)
        with pytest.raises(NotFound):
            bundle(connection, application=99)
        with pytest.raises(InputError):
            bundle(connection)
        with pytest.raises(InputError):
            bundle(connection, order="SO-00001", application=1)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        write_folder(made(busy), tmp_path)


def test_the_attachment_is_what_was_attached(busy: Desk) -> None:
    held = made(busy).files
    (name,) = [n for n in held if n.startswith("attachments/")]
    assert held[name] == PAPER
    assert name == f"attachments/{hashlib.sha256(PAPER).hexdigest()}.pdf"
