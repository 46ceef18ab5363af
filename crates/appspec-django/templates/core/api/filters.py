"""Which rows of a list, and in which order. What may not be read of every row chooses none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import OrderingFilter, SearchFilter

from core.access import fields_everywhere

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from rest_framework.request import Request

MOST_WORDS = 20
TOO_MANY = gettext_lazy("Look for a few words at once.")
UNKNOWN = gettext_lazy("The list knows no such parameter, or you may not choose by it.")


class RowFilters(FilterSet):
    """Filters by the fields of a row. Another row is named by its key, and not looked up."""

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        """Return the filter of a field, and its options."""
        if isinstance(field, models.ForeignKey) and lookup_type != "isnull":
            field = field.target_field
        return super().filter_for_lookup(field, lookup_type)


class ReadableFilterBackend(DjangoFilterBackend):
    """Chooses rows by fields that who asks may read of all of them."""

    def get_filterset(self, request: Any, queryset: QuerySet[Any], view: Any) -> Any:
        """Return the filters, and refuse what the list does not know."""
        filters: Any = super().get_filterset(request, queryset, view)
        readable = fields_everywhere(request.user, queryset.model)
        filters.filters = {
            name: each for name, each in filters.filters.items() if each.field_name in readable
        }
        known = {*filters.filters, *view.paginator.parameters, *other_parameters(view, readable)}
        strange = sorted(request.query_params.keys() - known)
        if strange:
            raise refusal(strange)
        return filters


def refusal(names: Iterable[str], why: Any = UNKNOWN, code: str = "unknown_parameter") -> Exception:
    """Return what tells of parameters that choose nothing."""
    return ValidationError({name: [ErrorDetail(str(why), code)] for name in names})


def other_parameters(view: Any, readable: frozenset[str]) -> set[str]:
    """Return the parameters that search and sort."""
    searches = {"search"} if searched(view, readable) else set()
    return searches | {"ordering"}


def searched(view: Any, readable: Iterable[str]) -> list[str]:
    """Return the fields that a search looks into."""
    return [name for name in view.search_fields if name in set(readable)]


class ReadableSearch(SearchFilter):
    """Looks for words in texts that who asks may read of all rows."""

    def get_search_fields(self, view: Any, request: Request) -> list[str]:
        """Return the fields to look into."""
        return searched(view, fields_everywhere(request.user, view.queryset.model))

    def get_search_terms(self, request: Request) -> list[str]:
        """Return the words to look for, which are not endlessly many."""
        terms: list[str] = super().get_search_terms(request)
        if len(terms) > MOST_WORDS:
            raise refusal([self.search_param], TOO_MANY, "too_many_words")
        return terms


class ReadableOrdering(OrderingFilter):
    """Sorts by fields that who asks may read of all rows, and at last by the key."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> list[str]:
        """Return the names of what is sorted by; those that are not known are refused."""
        asked = request.query_params.get(self.ordering_param, "")
        readable = fields_everywhere(request.user, queryset.model)
        terms = [term.strip() for term in asked.split(",") if term.strip()]
        sortable = readable.intersection(view.ordering_fields)
        strange = [term for term in terms if term.removeprefix("-") not in sortable]
        if strange:
            raise refusal([self.ordering_param])
        kept = [term for term in view.ordering if term.removeprefix("-") in readable]
        return [*(terms or kept), cast("str", queryset.model._meta.pk.name)]
