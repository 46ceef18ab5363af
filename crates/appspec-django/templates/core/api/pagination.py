"""Pages that begin behind a row, so that a page costs the same wherever it is.

Django REST framework's own cursor counts rows of equal value and loses those without one. Here a
page begins behind the values of a row and its key.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import F, Q
from django.utils.duration import duration_string
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet
    from django.db.models.expressions import OrderBy
    from rest_framework.request import Request

INVALID = gettext_lazy("This is no page of this list. Begin with the first one.")


class Term(NamedTuple):
    """What rows are sorted by. Those without a value come last, or first if it is turned around."""

    name: str
    is_down: bool

    @classmethod
    def read(cls, text: str, model: type[Model]) -> Term:
        """Return the term for a name; what another row is sorted by is its key."""
        name = text.removeprefix("-")
        fields = {field.name: field.attname for field in model._meta.concrete_fields}
        return cls(fields.get(name, name), text.startswith("-"))

    def order(self) -> OrderBy:
        """Return it as Django has it."""
        column = F(self.name)
        return column.desc(nulls_first=True) if self.is_down else column.asc(nulls_last=True)

    def beyond(self, value: Any) -> Q:
        """Return the rows that come after those with a value."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.is_down else Q(pk__in=())
        if self.is_down:
            return Q(**{f"{self.name}__lt": value})
        return Q(**{f"{self.name}__gt": value}) | Q(**{f"{self.name}__isnull": True})

    def equal(self, value: Any) -> Q:
        """Return the rows with the same value."""
        return Q(**{f"{self.name}__isnull": True} if value is None else {self.name: value})


class PagesOfRows(BasePagination):
    """Gives the rows of a list page by page, with the address of the next one."""

    page_size = 50
    largest = 200
    parameters = ("cursor", "page_size")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that is asked for; a view may have larger ones of its own."""
        size = self.size(request, getattr(view, "page_size", self.page_size))
        names = [str(term) for term in queryset.query.order_by]
        terms = [Term.read(name, queryset.model) for name in names]
        cursor = request.query_params.get("cursor")
        if cursor is not None:
            queryset = queryset.filter(beyond(terms, self.place(cursor, names, terms, queryset)))
        found = list(queryset.order_by(*(term.order() for term in terms))[: size + 1])
        page = found[:size]
        self.next = None
        if len(found) > size:
            address = request.build_absolute_uri()
            self.next = replace_query_param(address, "cursor", written(names, terms, page[-1]))
        return page

    def size(self, request: Request, usual: int) -> int:
        """Return how many rows a page has."""
        asked = request.query_params.get("page_size", str(usual))
        is_short = len(asked) <= len(str(self.largest))
        if not (is_short and asked.isdecimal() and 1 <= int(asked) <= self.largest):
            message = gettext_lazy("A page has 1 to %(largest)s rows.") % {"largest": self.largest}
            raise exceptions.ValidationError({"page_size": message})
        return int(asked)

    def place(
        self, cursor: str, names: list[str], terms: list[Term], rows: QuerySet[Any]
    ) -> list[Any]:
        """Return the values of the row behind which a page begins."""
        try:
            told, values = json.loads(urlsafe_b64decode(cursor.encode()))
            found = [
                None if value is None else kind(term, rows).to_python(value)
                for term, value in zip(terms, values, strict=True)
            ]
        except (ValueError, TypeError, InvalidValue) as error:
            raise exceptions.ValidationError({"cursor": INVALID}) from error
        if told != names:
            raise exceptions.ValidationError({"cursor": INVALID})
        return found

    def get_paginated_response(self, data: Any) -> Response:
        """Return a page."""
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        following = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": schema},
        }

    def get_schema_operation_parameters(self, _view: Any) -> list[dict[str, Any]]:
        """Describe what a page is asked by."""
        size = {"type": "integer", "minimum": 1, "maximum": self.largest, "default": self.page_size}
        place = {"type": "string"}
        return [
            parameter("cursor", "The page to show: `next` of the one before has it.", place),
            parameter("page_size", "How many rows a page has.", size),
        ]


def parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Describe one parameter of a query."""
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def beyond(terms: Sequence[Term], values: Sequence[Any]) -> Q:
    """Return the rows that come after one with these values."""
    found, same = Q(pk__in=()), Q()
    for term, value in zip(terms, values, strict=True):
        found |= same & term.beyond(value)
        same &= term.equal(value)
    return found


def kind(term: Term, rows: QuerySet[Any]) -> Any:
    """Return the field that knows the type of what is sorted by."""
    computed = rows.query.annotations.get(term.name)
    if computed is not None:
        return computed.output_field
    field = next(each for each in rows.model._meta.concrete_fields if each.attname == term.name)
    return field.target_field if field.is_relation else field


def written(names: Sequence[str], terms: Sequence[Term], row: Model) -> str:
    """Return the place of a row as text."""
    values = [plain(getattr(row, term.name)) for term in terms]
    return urlsafe_b64encode(json.dumps([names, values]).encode()).decode()


def plain(value: Any) -> Any:
    """Return a value as JSON has it, without losing any of it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return duration_string(value) if isinstance(value, timedelta) else str(value)
