"""Lists of values, kept as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.deconstruct import deconstructible

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Mapping[str, models.Field[Any, Any]] = {
    "date": models.DateField(),
    "datetime": models.DateTimeField(),
    "decimal": models.DecimalField(max_digits=38, decimal_places=37),
    "duration": models.DurationField(),
    "email": models.EmailField(),
    "ip": models.GenericIPAddressField(),
    "slug": models.SlugField(),
    "text": models.TextField(),
    "time": models.TimeField(),
    "url": models.URLField(max_length=2000),
    "uuid": models.UUIDField(),
}
INTEGERS: Mapping[str, int] = {"int": 31, "bigint": 63}


@deconstructible
class ListOf:
    """Accepts a list whose items are all of one kind, and one of the choices if there are any."""

    def __init__(self, kind: str, choices: tuple[str, ...] = ()) -> None:
        """Remember what an item is."""
        self.kind = kind
        self.choices = choices

    def __call__(self, value: Any) -> None:
        """Raise ``ValidationError`` for what is no such list."""
        if not isinstance(value, list):
            message = "Enter a list."
            raise ValidationError(message, code="list")
        for place, item in enumerate(value, start=1):
            if not self.accepts(item):
                message = f"Item {place} of the list is not accepted."
                raise ValidationError(message, code="list_item")

    def accepts(self, item: Any) -> bool:
        """Say whether an item is of the right kind."""
        if self.choices:
            return item in self.choices
        if self.kind in TEXTS:
            return isinstance(item, str) and is_text_of(TEXTS[self.kind], item)
        if isinstance(item, bool) or self.kind == "bool":
            return isinstance(item, bool) and self.kind == "bool"
        if self.kind == "float":
            return isinstance(item, int | float)
        limit = 1 << INTEGERS[self.kind]
        return isinstance(item, int) and -limit <= item < limit


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
