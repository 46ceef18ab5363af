"""Views that list, show and write the rows of one model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.db.models import Model, Prefetch, QuerySet
from rest_framework import permissions, status, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from core.access import CREATE, DELETE, READ, UPDATE, allows, ever, marked, permitted, reading
from core.writes import create, delete, refusal, update

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

    from core.access import Way
    from core.roles import Actor

_Row = TypeVar("_Row", bound=Model)

VERBS = {
    "list": READ,
    "retrieve": READ,
    "create": CREATE,
    "partial_update": UPDATE,
    "destroy": DELETE,
}


class IsEverAllowed(permissions.BasePermission):
    """Refuses at once what somebody may do with no row at all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether there could be a row with which it is allowed."""
        # A method that the address does not know is refused as such, and not here.
        verb = verb_of(view)
        return verb is None or bool(ever(request.user, verb, view.queryset.model))


def verb_of(view: Any) -> str | None:
    """Return what somebody wants to do."""
    name: str | None = view.action
    # `OPTIONS` is answered as a method that no address knows.
    if name is None or name == "metadata":
        return None
    return VERBS.get(name, name.removeprefix("do_"))


class RowViews(viewsets.GenericViewSet[_Row]):
    """What all views of rows have in common: who asks, and which rows exist for them."""

    permission_classes = (IsEverAllowed,)
    linked: ClassVar[tuple[str, ...]] = ()

    @property
    def actor(self) -> Actor:
        """Return who asks."""
        return cast("Actor", self.request.user)

    @cached_property
    def readable(self) -> list[Way]:
        """Return the ways in which who asks may read rows."""
        return reading(self.model, self.actor)

    @property
    def model(self) -> type[_Row]:
        """Return what the rows are."""
        rows: Any = super().get_queryset()
        return cast("type[_Row]", rows.model)

    def get_queryset(self) -> QuerySet[_Row]:
        """Return the rows that may be read, each with what of it may be."""
        rows = super().get_queryset()
        # Describing the views asks for no row.
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return marked(rows, self.readable).prefetch_related(*map(self.known_links, self.linked))

    def known_links(self, name: str) -> Prefetch[str]:
        """Return which of the rows that a row is linked to exist for whoever asks."""
        target: Any = self.model._meta.get_field(name).related_model
        rows = target._default_manager.filter(permitted(target, self.actor, READ)).order_by()
        return Prefetch(name, rows)

    def get_object(self) -> _Row:
        """Return the row that is asked for; refuse what may not be done with it."""
        row: _Row = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        verb = verb_of(self) or READ
        if verb != READ and not allows(self.actor, verb, row):
            raise refusal(self.actor, verb, row)
        return row

    def get_serializer_context(self) -> dict[str, Any]:
        """Return what serializers need to know."""
        return {**super().get_serializer_context(), "ways": self.readable}

    def given(self, **options: Any) -> dict[str, Any]:
        """Return the values that were sent, each with its type."""
        serializer: BaseSerializer[_Row] = self.get_serializer(data=self.request.data, **options)
        serializer.is_valid(raise_exception=True)
        return cast("dict[str, Any]", serializer.validated_data)

    def answer(self, row: _Row, code: int = status.HTTP_200_OK) -> Response:
        """Show a row as it has become: its key alone to those who may not read it."""
        found = self.get_queryset().filter(pk=row.pk).first()
        if found is None:
            return Response({"id": row.pk}, code)
        # The view of an action has a serializer of its own, for what it asks for.
        kind: Any = type(self).serializer_class
        return Response(kind(found, context=self.get_serializer_context()).data, code)


class ReadViews(RowViews[_Row]):
    """Lists rows, and shows one."""

    search_fields: ClassVar[tuple[str, ...]] = ()
    ordering_fields: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ()

    def list(self, _request: Request) -> Response:
        """Return a page of the rows that may be read."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, _request: Request, **_key: str) -> Response:
        """Return one row."""
        return Response(self.get_serializer(self.get_object()).data)


class CreateView(RowViews[_Row]):
    """Makes rows."""

    def create(self, _request: Request) -> Response:
        """Make a row of the values that are sent."""
        row = self.model()
        create(self.actor, row, self.given())
        return self.answer(row, status.HTTP_201_CREATED)


class UpdateView(RowViews[_Row]):
    """Changes rows."""

    def partial_update(self, _request: Request, **_key: str) -> Response:
        """Change those fields of a row that are sent."""
        row = self.get_object()
        update(self.actor, row, self.given(instance=row, partial=True))
        return self.answer(row)


class DeleteView(RowViews[_Row]):
    """Deletes rows."""

    def destroy(self, _request: Request, **_key: str) -> Response:
        """Delete a row."""
        delete(self.actor, self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
