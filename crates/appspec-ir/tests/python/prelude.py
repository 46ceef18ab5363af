"""What the language's functions mean, written a second time, in Python."""

import decimal
import math
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

decimal.getcontext().prec = 200
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICRO = timedelta(microseconds=1)


class Missing(Exception):
    pass


def day(days):
    return date(1970, 1, 1) + timedelta(days=days)


def moment(us):
    return EPOCH + timedelta(microseconds=us)


def clock(us):
    return (datetime(2000, 1, 1) + timedelta(microseconds=us)).time()


def unhex(text):
    return bytes.fromhex(text.removeprefix("text ")).decode()


def need(value):
    if value is None:
        raise Missing
    return value


def local(value):
    return (value + OFFSET).replace(tzinfo=None)


def day_of(value):
    return local(value).date() if isinstance(value, datetime) else value


def time_of(value):
    return local(value).time() if isinstance(value, datetime) else value


def ascii_lower(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def ascii_upper(text):
    return "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text)


def rounded(value, places=0):
    if isinstance(value, float):
        return float(rounded(Decimal(repr(value)), places))
    if isinstance(value, int):
        return int(rounded(Decimal(value), places))
    if places >= 0 and -value.as_tuple().exponent <= places:
        return value
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def floored(value):
    return math.floor(Decimal(repr(value)) if isinstance(value, float) else value)


def ceiled(value):
    return math.ceil(Decimal(repr(value)) if isinstance(value, float) else value)


def between(start, end, unit):
    if not isinstance(start, datetime):
        return (end - start).days
    return math.trunc(Fraction((end - start) // MICRO, unit))


def micros(value):
    return value // MICRO


def show(value):
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        value = value.normalize()
        return "0" if value == 0 else format(value, "f")
    if isinstance(value, str):
        return "text " + value.encode().hex()
    if isinstance(value, datetime):
        return f"moment {micros(value - EPOCH)}"
    if isinstance(value, date):
        return f"date {(value - date(1970, 1, 1)).days}"
    if isinstance(value, time):
        return f"time {micros(datetime.combine(date.min, value) - datetime.min)}"
    if isinstance(value, timedelta):
        return f"duration {micros(value)}"
    return str(value)


def case(row, expression):
    try:
        print(show(expression(row)))
    except Missing:
        print("missing")
    except OverflowError:
        print("overflow")
