"""A figure as a file's bytes: the same figure gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from klartecken.errors import InputError, KlarteckenError
from klartecken.plot.style import RC

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "png")


def form_of(name: str) -> str:
    """The form that a file's name asks for: ``svg`` or ``png``.

    Raises:
        InputError: another ending.
    """
    return checked(PurePath(name).suffix.lower().lstrip("."))


def checked(form: str) -> str:
    """A form that can be drawn.

    Raises:
        InputError: another form.
    """
    if form not in FORMATS:
        raise InputError(f"a picture is not drawn as {form or 'a file without ending'!r}",
                         next_step="Name the file .svg or .png")  # fmt: skip
    return form


def picture(draw: Callable[[], Figure], form: str) -> bytes:
    """Draw a figure in the house style.

    Args:
        draw: makes the figure.
        form: ``svg`` or ``png``.

    Raises:
        InputError: another form.
        KlarteckenError: matplotlib is not installed.
    """
    form = checked(form)
    matplotlib = _matplotlib()
    with matplotlib.rc_context(dict(RC)):
        figure = draw()
        metadata: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
        held = io.BytesIO()
        figure.savefig(held, format=form, dpi=72 if form == "svg" else 170, metadata=metadata)
    return held.getvalue()


def _matplotlib() -> Any:
    try:
        import matplotlib
        import matplotlib.figure
    except ImportError as err:
        raise KlarteckenError(
            "drawing needs matplotlib, which is not installed",
            next_step="pip install 'klartecken[plot]'",
        ) from err
    return matplotlib
