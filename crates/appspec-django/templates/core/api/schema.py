"""The description of the API: what may be missing from a row, and what every answer may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.access import READ, rules_of
from core.api.serializers import RowSerializer

if TYPE_CHECKING:

    class _Schema:
        """The description of a view, as type checkers see it: the package has no types."""

        def _map_serializer(self, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
            raise NotImplementedError
else:
    from drf_spectacular.openapi import AutoSchema as _Schema

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to tell people."},
        "code": {"type": "string", "description": "Which rule refused."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "Empty: it is about the whole."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
ALWAYS = {
    "400": "What was sent does not fit.",
    "401": "Nobody is signed in.",
    "403": "No rule allows this.",
    "404": "There is no such row, or it may not be read.",
    "405": "The address does not know the method.",
    "406": "The answer has no such format.",
    "409": "It is not possible in the state of the row.",
    "415": "The format of what was sent is not known.",
    "429": "Too many requests.",
}


def add_problems(result: dict[str, Any], **_others: Any) -> dict[str, Any]:
    """Add what every operation may answer with when something is wrong."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    reference = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": reference}}
    answers = {code: {"description": text, "content": content} for code, text in ALWAYS.items()}
    for address in result["paths"].values():
        for operation in address.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"] = {**answers, **operation["responses"]}
    return result


def describe_times(result: dict[str, Any], **_others: Any) -> dict[str, Any]:
    """Say that times have no zone: the format `time` means one that has."""
    described: list[Any] = [result]
    while described:
        part = described.pop()
        inner = list(part.values()) if isinstance(part, dict) else part
        described += [each for each in inner if isinstance(each, dict | list)]
        if isinstance(part, dict) and part.get("format") == "time":
            part["format"] = "time-local"
    return result


class RowSchema(_Schema):
    """Says which fields of a row everybody sees who sees the row: the others may be missing."""

    def _map_serializer(self, serializer: Any, direction: Any, *args: Any, **kwargs: Any) -> Any:
        """Describe a serializer."""
        described = super()._map_serializer(serializer, direction, *args, **kwargs)
        if direction == "response" and isinstance(serializer, RowSerializer):
            model: Any = serializer.Meta.model
            sure = {model._meta.pk.name} | always_seen(model)
            described["required"] = [name for name in described["properties"] if name in sure]
        return described


def always_seen(model: Any) -> frozenset[str]:
    """Return the fields that each grant to read lets people see."""
    granted = rules_of(model).grants
    found = [may.fields(model) for grant in granted for may in grant.may if may.verb == READ]
    return frozenset.intersection(*found) if found else frozenset()
