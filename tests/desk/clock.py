"""A clock that the tests move."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


class Clock:
    """Gives a moment in UTC; each call is a microsecond later, as on a real machine."""

    def __init__(self, day: date = date(2025, 7, 15)) -> None:
        self.now = datetime.combine(day, time(9), UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def go(self, day: date | str) -> None:
        """Nine o'clock of a day."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        self.now = datetime.combine(day, time(9), UTC)

    def pass_days(self, days: int) -> None:
        """So many days later."""
        self.now += timedelta(days)
