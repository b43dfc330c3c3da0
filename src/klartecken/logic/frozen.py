"""A mapping that cannot be changed, for the fields of frozen records."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """A dict without its mutators: read as fast, pickled and compared like one.

    Records are shared between answers (a catalogue item, the law), so that a change made
    through one would silently change the others.
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping belongs to a frozen record; make a dict of it to change it")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Frozen[K, V]], tuple[dict[K, V]]]:
        return Frozen, (dict(self),)


def freeze(record: object, *names: str) -> None:
    """Freeze mapping fields of a frozen dataclass, in its ``__post_init__``."""
    for name in names:
        value = getattr(record, name)
        if isinstance(value, dict) and not isinstance(value, Frozen):
            object.__setattr__(record, name, Frozen(value))
