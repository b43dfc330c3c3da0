"""Listings in pages: the next page begins after the last row of this one, whatever came since."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlalchemy import Column, Connection, Select, and_, or_

from klartecken.api.answer import Answer
from klartecken.api.problems import ApiError
from klartecken.desk.storage.columns import canonical, storable
from klartecken.errors import InputError

MOST, USUAL = 500, 100
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page is asked for.

    Attributes:
        limit: rows.
        after: sort keys of the last row of the page before, or none.
        request: gives the address of the next page.
    """

    limit: int
    after: tuple[Any, ...] | None
    request: Request


def _mark(request: Request) -> str:
    """A cursor is of one address and its filters, and of no other."""
    said = sorted(
        (name, text) for name, text in request.query_params.multi_items()
        if name not in ("cursor", "limit")
    )  # fmt: skip
    return hashlib.sha256(canonical([request.url.path, said]).encode()).hexdigest()[:8]


async def _page_of(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows of a page")] = USUAL,
    cursor: Annotated[
        str | None, Query(max_length=LONGEST, description="From `next` of the page before")
    ] = None,
) -> PageAsked:
    after = None if cursor is None else _read_cursor(cursor, _mark(request))
    return PageAsked(limit, after, request)


Page = Annotated[PageAsked, Depends(_page_of)]


def _read_cursor(cursor: str, mark: str) -> tuple[Any, ...]:
    wrong = ApiError(422, "cursor", "is no cursor of this listing", where="cursor",
                     next_step="Use the address in `next` as it is")  # fmt: skip
    try:
        raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        found = json.loads(raw)
        assert isinstance(found, list)
        assert found
        assert found[0] == mark
        for part in found[1:]:
            assert isinstance(part, str) or (type(part) is int and abs(part) < 2**53)
            storable(part) if isinstance(part, str) else None
    except (ValueError, AssertionError, RecursionError, InputError):
        raise wrong from None
    return tuple(found[1:])


def page_of(
    connection: Connection, query: Select[Any], order: Sequence[Column[Any]], page: PageAsked,
    show: Callable[[Mapping[str, Any]], Any] = dict, down: bool = False,
) -> Answer:  # fmt: skip
    """A page of a listing.

    Args:
        query: without order and limit; it must give the columns of ``order``.
        order: columns of whole numbers or text, none of them null, unique together.
        show: a row as it is told.
        down: the highest first.

    Raises:
        ApiError: the cursor is of another listing.
    """
    after = after_of(page, [column.type.python_type for column in order])
    if after is not None:
        query = query.where(_beyond(order, after, down))
    query = query.order_by(*(c.desc() if down else c for c in order)).limit(page.limit + 1)
    rows = connection.execute(query).mappings().all()
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    last = [shown[-1][column.name] for column in order] if more else None
    return paged([show(dict(row)) for row in shown], last, page)


def after_of(page: PageAsked, kinds: Sequence[type]) -> tuple[Any, ...] | None:
    """Where a page begins, if not at the beginning.

    Args:
        kinds: of the sort keys.

    Raises:
        ApiError: the cursor is of another listing.
    """
    after = page.after
    if after is not None and not (len(after) == len(kinds) and all(map(isinstance, after, kinds))):
        raise ApiError(422, "cursor", "is no cursor of this listing", where="cursor")
    return after


def paged(items: Sequence[Any], last: Sequence[Any] | None, page: PageAsked) -> Answer:
    """A page as an answer.

    Args:
        last: sort keys of the last row, if there are more rows.
    """
    following = None
    if last is not None:
        raw = canonical([_mark(page.request), *last]).encode()
        cursor = base64.urlsafe_b64encode(raw).decode()
        url = page.request.url.include_query_params(cursor=cursor, limit=page.limit)
        following = f"{url.path}?{url.query}"
    headers = {} if following is None else {"Link": f'<{following}>; rel="next"'}
    return Answer({"items": items, "next": following}, headers=headers)


def _beyond(order: Sequence[Column[Any]], after: Sequence[Any], down: bool) -> Any:
    tests = []
    for place, (column, part) in enumerate(zip(order, after, strict=True)):
        same = [c == p for c, p in zip(order[:place], after[:place], strict=True)]
        tests.append(and_(*same, column < part if down else column > part))
    return or_(*tests)
