"""A PostgreSQL cluster of the tests' own, in a temporary folder, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path


def programs() -> Path | None:
    """The folder of initdb and postgres, or None when PostgreSQL is not installed."""
    for folder in (*sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True),
                   *os.environ.get("PATH", "").split(os.pathsep)):  # fmt: skip
        if all((Path(folder) / name).exists() for name in ("initdb", "postgres")):
            return Path(folder)
    return None


@contextmanager
def cluster(bin_folder: Path) -> Iterator[str]:
    """A running cluster; the URL of its server, without a database."""
    folder = Path(tempfile.mkdtemp(prefix="kt-pg-"))
    account = _account()
    try:
        data = folder / "data"
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        _run(account, bin_folder / "initdb", "-D", data, "-U", "desk", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        port = _free_port()
        server = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, "-p", str(port), "-k", folder,
             "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
             "-c", "fsync=off"],
            stdout=(folder / "log").open("wb"), stderr=subprocess.STDOUT, cwd=folder,
            **_as(account),
        )  # fmt: skip
        try:
            _await(port, folder, server)
            yield f"postgresql://desk@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_at(url: str, *statements: str) -> None:
    """Run statements, each by itself: some cannot run in a transaction."""
    from sqlalchemy import create_engine, text

    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"),
                           isolation_level="AUTOCOMMIT")  # fmt: skip
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def create_database(server: str, name: str, model: str = "") -> str:
    """A new database, a copy of ``model`` if one is named; its URL."""
    copied = f" TEMPLATE {model}" if model else ""
    run_at(f"{server}/postgres", f"CREATE DATABASE {name}{copied}")
    return f"{server}/{name}"


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: another account, when we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _as(account: pwd.struct_passwd | None) -> dict[str, object]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _run(account: pwd.struct_passwd | None, *command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, cwd="/", **_as(account)
    )  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(port: int, folder: Path, server: subprocess.Popen[bytes]) -> None:
    import time

    import psycopg

    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="desk", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL does not answer: {(folder / 'log').read_text()[-2000:]}")
