"""Lists of values, kept as JSON."""

from __future__ import annotations

import json
from sys import float_info
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

TEXTS: Mapping[str, Callable[..., models.Field[Any, Any]]] = {
    "date": models.DateField,
    "datetime": models.DateTimeField,
    "decimal": models.DecimalField,
    "duration": models.DurationField,
    "email": models.EmailField,
    "ip": models.GenericIPAddressField,
    "text": models.CharField,
    "time": models.TimeField,
    "url": models.URLField,
    "uuid": models.UUIDField,
}
INTEGERS: Mapping[str, int] = {"int": 31, "bigint": 63}


@deconstructible
class ListOf:
    """Accepts a list whose items are all of one kind, and one of the choices if there are any.

    A text may have a pattern, and the limits of the model field that would hold it.
    """

    def __init__(
        self, kind: str, choices: Collection[str] = (), pattern: str = "", **limits: int
    ) -> None:
        """Remember what an item is."""
        self.kind = kind
        self.choices = choices
        checks = [RegexValidator(pattern)] if pattern else []
        self.text = TEXTS[kind](validators=checks, **limits) if kind in TEXTS else None

    def __call__(self, value: Any) -> None:
        """Raise ``ValidationError`` for what is no such list."""
        if not isinstance(value, list):
            raise ValidationError(gettext_lazy("Enter a list of values."), code="list")
        for place, item in enumerate(value, start=1):
            if not self.accepts(item):
                message = gettext_lazy("Item %(place)s of the list is not accepted.")
                raise ValidationError(message, code="list_item", params={"place": place})

    def accepts(self, item: Any) -> bool:
        """Say whether an item is of the right kind."""
        if self.choices:
            return item in self.choices
        if self.text is not None:
            return isinstance(item, str) and is_text_of(self.text, item)
        if isinstance(item, bool) or self.kind == "bool":
            return isinstance(item, bool) and self.kind == "bool"
        if self.kind == "float":
            return isinstance(item, int | float) and abs(item) <= float_info.max
        limit = 1 << INTEGERS[self.kind]
        return isinstance(item, int) and -limit <= item < limit


@deconstructible
class Items:
    """Accepts a list with so many items. What is no list is refused elsewhere."""

    def __init__(
        self, at_least: int = 0, at_most: int | None = None, message: str | None = None
    ) -> None:
        """Remember both ends."""
        self.at_least = at_least
        self.at_most = at_most
        self.message = message

    def __call__(self, value: Any) -> None:
        """Raise ``ValidationError`` for a list with too few or too many items."""
        if not isinstance(value, list):
            return
        if len(value) < self.at_least:
            message = self.message or gettext_lazy("Too few items: %(limit)s at least.")
            raise ValidationError(message, code="too_few", params={"limit": self.at_least})
        if self.at_most is not None and len(value) > self.at_most:
            message = self.message or gettext_lazy("Too many items: %(limit)s at most.")
            raise ValidationError(message, code="too_many", params={"limit": self.at_most})


def is_text_of(field: models.Field[Any, Any], item: str) -> bool:
    """Say whether a field would accept a text, which may not be empty."""
    try:
        field.run_validators(field.to_python(item))
    except ValidationError:
        return False
    return item != "" and "\0" not in item


def as_json(value: Any) -> Any:
    """Return how a list keeps a value that JSON does not know."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
