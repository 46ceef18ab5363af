"""What a condition says: the data of the generator, evaluated over plain rows."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

COMPARED = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class MissingError(Exception):
    """A value was used that is not there, although the compiler has proven that it is asked for before."""


@dataclass(frozen=True)
class Place:
    """The rows that a condition can speak of, each as its entity and its key."""

    world: object
    row: tuple
    me: tuple | None = None
    it: tuple | None = None
    own: tuple | None = None

    def read(self, base, names):
        entity, key = getattr(self, base)
        value = key
        for name in names:
            if value is None:
                return None
            value = self.world.rows[entity][value][name]
            entity = self.world.targets.get((entity, name), entity)
        return value

    def several(self, kind, owner, name=None):
        """The rows that are related to the one here; those that are deleted are none."""
        world, (_, key) = self.world, self.row
        if kind == "every":
            found = world.rows[owner]
        elif kind == "pointing":
            found = [theirs for theirs, row in world.rows[owner].items() if row[name] == key]
        else:
            here, there = (0, 1) if kind == "held" else (1, 0)
            pairs = [pair for pair in world.pairs[owner, name] if pair[here] == key]
            found = list(dict.fromkeys(pair[there] for pair in pairs))
            owner = world.targets[owner, name] if kind == "held" else owner
        live = set(world.live(owner))
        return [replace(self, it=(owner, theirs)) for theirs in found if theirs in live]


def asks_who(data):
    """Whether a condition speaks of the person who asks."""
    if not isinstance(data, list):
        return False
    return data == ["me"] or data[:2] == ["read", "me"] or any(asks_who(part) for part in data)


def holds(data, place):
    return True if data is None else known(says(data, place))


def known(value):
    if value is None:
        raise MissingError
    return value


def today():
    return datetime.datetime.now(ZoneInfo("Europe/Lisbon")).date()


def says(data, place):
    """The value of an expression; None where it is missing."""
    tag, *parts = data
    one = lambda part: known(says(part, place))  # noqa: E731
    match tag:
        case "bool" | "int" | "text":
            return parts[0]
        case "decimal":
            return Decimal(parts[0])
        case "date":
            return datetime.date.fromisoformat(parts[0])
        case "today":
            return today()
        case "me":
            return place.me[1]
        case "this":
            return place.row[1]
        case "read":
            return place.read(*parts)
        case "own":
            return says(parts[1], replace(place, own=getattr(place, parts[0])))
        case "is_set":
            return says(parts[0], place) is not None
        case "is_not_set":
            return says(parts[0], place) is None
        case "otherwise":
            value = says(parts[0], place)
            return one(parts[1]) if value is None else value
        case "not":
            return not one(parts[0])
        case "and":
            return all(one(part) for part in parts[0])
        case "or":
            return any(one(part) for part in parts[0])
        case "implies":
            return not one(parts[0][0]) or one(parts[0][1])
        case "+":
            return one(parts[0][0]) + one(parts[0][1])
        case "*":
            return one(parts[0][0]) * one(parts[0][1])
        case "in":
            return one(parts[0]) in [one(part) for part in parts[1]]
        case "not_in":
            return one(parts[0]) not in [one(part) for part in parts[1]]
        case "between":
            return one(parts[1]) <= one(parts[0]) <= one(parts[2])
        case "starts_with":
            return one(parts[0]).startswith(one(parts[1]))
        case "ends_with":
            return one(parts[0]).endswith(one(parts[1]))
        case "contains":
            return one(parts[1]) in one(parts[0])
        case "length":
            return len(one(parts[0]))
        case _ if tag in COMPARED:
            return COMPARED[tag](one(parts[0][0]), one(parts[0][1]))
        case _:
            return of_several(tag, parts, place)


def of_several(tag, parts, place):
    several, more = place.several(*parts[0]), parts[1:]
    match tag:
        case "some":
            return any(holds(more[0], each) for each in several)
        case "all":
            return all(holds(more[0], each) for each in several)
        case "count":
            return sum(holds(more[0], each) for each in several)
    values = [known(says(more[0], each)) for each in several if holds(more[1], each)]
    match tag:
        case "sum":
            return sum(values)
        case "min":
            return min(values, default=None)
        case "max":
            return max(values, default=None)
    raise ValueError(tag)
