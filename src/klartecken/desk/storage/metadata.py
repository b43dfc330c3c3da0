"""What all tables share: one catalogue of tables, and how ids and versions are kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table

from klartecken.desk.storage.columns import Exact, Json, Moment, Number, Words

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMES)


def record(name: str, *columns: Any) -> Table:
    """A table whose rows are changed through :class:`~klartecken.desk.work.Work` alone.

    ``version`` counts the changes of a row; it is what ``If-Match`` compares.
    """
    return Table(
        name, METADATA,
        Column("id", Number, primary_key=True, autoincrement=False),
        Column("version", Integer, nullable=False),
        *columns,
        CheckConstraint("version >= 1", name="version"),
        info={"record": True},
    )  # fmt: skip


def words(name: str, *rest: Any, null: bool = False, **options: Any) -> Column[str]:
    """A column of text; empty text stands for nothing said unless ``null``."""
    return Column(name, Words, *rest, nullable=null, **options)


def money(name: str, null: bool = False) -> Column[Any]:
    """A column of money, exact to four places; its currency stands beside it."""
    return Column(name, Exact(4), nullable=null)


def quantity(name: str, null: bool = False) -> Column[Any]:
    """A column of quantities, exact to three places."""
    return Column(name, Exact(3), nullable=null)


def moment(name: str, null: bool = False) -> Column[Any]:
    """A column of moments in UTC."""
    return Column(name, Moment, nullable=null)


def data(name: str, null: bool = False) -> Column[Any]:
    """A column of plain data, as canonical JSON."""
    return Column(name, Json, nullable=null)
