"""Functions that SQLite lacks. All are deterministic, so that tables and indexes may use them.

``any_state`` and ``emptying`` are as long as a statement lasts, which is enough for a trigger.
"""

from __future__ import annotations

import math
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Number = float | int | str

# SQLite keeps a decimal as a float, which names every decimal of 15 digits.
STORED = Context(prec=15)
EXACT = Context(prec=1000)
INTEGERS = range(-(2**63), 2**63)

# Whether whole tables are emptied.
EMPTYING: ContextVar[bool] = ContextVar("EMPTYING", default=False)
# Whether new rows may begin in any state of their lifecycle.
ANY_STATE: ContextVar[bool] = ContextVar("ANY_STATE", default=False)


def exact(number: Number) -> Decimal:
    """Return the decimal that a stored or computed number stands for."""
    if isinstance(number, float):
        return STORED.create_decimal_from_float(number)
    return Decimal(number)


def written(number: Decimal) -> str:
    """Return a number as text: no number of SQLite holds every decimal."""
    return format(number, "f")


def plus(a: Number, b: Number) -> str:
    """Return the sum."""
    return written(EXACT.add(exact(a), exact(b)))


def minus(a: Number, b: Number) -> str:
    """Return the difference."""
    return written(EXACT.subtract(exact(a), exact(b)))


def times(a: Number, b: Number) -> str:
    """Return the product."""
    return written(EXACT.multiply(exact(a), exact(b)))


def smaller(a: Number, b: Number) -> str:
    """Return the smaller of two numbers."""
    return written(min(exact(a), exact(b)))


def larger(a: Number, b: Number) -> str:
    """Return the larger of two numbers."""
    return written(max(exact(a), exact(b)))


def absolute(number: Number) -> str:
    """Return the number without its sign."""
    return written(exact(number).copy_abs())


def floored(number: Number) -> str:
    """Return the greatest whole number that is not above."""
    return written(exact(number).to_integral_value(ROUND_FLOOR))


def ceiled(number: Number) -> str:
    """Return the smallest whole number that is not below."""
    return written(exact(number).to_integral_value(ROUND_CEILING))


def rounded(number: Number, places: int) -> str:
    """Round to so many places; a half goes away from zero."""
    unit = Decimal(1).scaleb(-places)
    return written(exact(number).quantize(unit, ROUND_HALF_UP, EXACT))


def whole(number: Number) -> int | float:
    """Return a whole number, or what lies outside of every range where a column has no room for it.

    Without that, -9223372036854775809 would become the float that is equal to the smallest integer.
    """
    value = int(exact(number))
    return value if value in INTEGERS else math.copysign(math.inf, value)


def compared(a: Number, b: Number) -> int:
    """Return a number below, at or above zero, as the first is to the second."""
    return int(exact(a).compare(exact(b)))


def moved_date(day: str, days: int) -> str | None:
    """Return a date, moved by a number of days; what is no date stays none."""
    try:
        return str(date.fromisoformat(day) + timedelta(days=days))
    except OverflowError:
        return end_of_time(days)
    except ValueError:
        return None


def moved(moment: str, microseconds: int) -> str | None:
    """Return a moment, moved by a length of time; what is no moment stays none."""
    try:
        return str(datetime.fromisoformat(moment) + timedelta(microseconds=microseconds))
    except OverflowError:
        return end_of_time(microseconds)
    except ValueError:
        return None


def end_of_time(direction: int) -> str:
    """Return a text that is below or above every date and moment."""
    return "-infinity" if direction < 0 else "infinity"


def any_state() -> bool:
    """Say whether new rows may begin in any state of their lifecycle."""
    return ANY_STATE.get()


def emptying() -> bool:
    """Say whether whole tables are emptied, rows that are never deleted along with them."""
    return EMPTYING.get()


class ExactSum:
    """The sum of many numbers."""

    def __init__(self) -> None:
        self.sum = Decimal(0)

    def step(self, number: Number | None) -> None:
        """Add a number."""
        if number is not None:
            self.sum = EXACT.add(self.sum, exact(number))

    def finalize(self) -> str:
        """Return the sum."""
        return written(self.sum)


class ExactMin:
    """The smallest of many numbers."""

    def __init__(self) -> None:
        self.found: Decimal | None = None

    def step(self, number: Number | None) -> None:
        """Look at a number."""
        if number is not None:
            value = exact(number)
            self.found = value if self.found is None else self.nearer(self.found, value)

    def nearer(self, one: Decimal, other: Decimal) -> Decimal:
        """Return the one that is wanted."""
        return min(one, other)

    def finalize(self) -> str | None:
        """Return what was found."""
        return None if self.found is None else written(self.found)


class ExactMax(ExactMin):
    """The largest of many numbers."""

    def nearer(self, one: Decimal, other: Decimal) -> Decimal:
        """Return the one that is wanted."""
        return max(one, other)


def local_day(moment: str, zone: str) -> str:
    """Return the day that the clocks of a time zone show at a moment, in ISO 8601."""
    there = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return there.date().isoformat()


AGGREGATES: Mapping[str, type] = {
    "exact_sum": ExactSum,
    "exact_min": ExactMin,
    "exact_max": ExactMax,
}

FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "any_state": any_state,
    "emptying": emptying,
    "exact_plus": plus,
    "exact_minus": minus,
    "exact_times": times,
    "exact_smaller": smaller,
    "exact_larger": larger,
    "exact_absolute": absolute,
    "exact_floored": floored,
    "exact_ceiled": ceiled,
    "exact_rounded": rounded,
    "exact_whole": whole,
    "exact_compared": compared,
    "local_day": local_day,
    "moved": moved,
    "moved_date": moved_date,
    "same_letters": str.lower,
}


def none_of_none(function: Callable[..., object]) -> Callable[..., object]:
    """Return a function that has no value where an operand has none."""

    def called(*operands: object) -> object:
        return None if None in operands else function(*operands)

    return called
