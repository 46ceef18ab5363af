"""Admin pages that show and take what the rules allow. To superusers they show everything."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.utils import display_for_field, display_for_value
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, ForeignKey, OuterRef

from core.access import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    allows,
    ever,
    fields,
    fields_everywhere,
    marked,
    permitted,
    reading,
    seen,
)
from core.roles import is_boundless
from core.writes import refusal, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    from core.access import Way

    _ModelAdmin = admin.ModelAdmin[Model]
else:
    _ModelAdmin = admin.ModelAdmin


class PermittedAdmin(_ModelAdmin):
    """Pages for the rows of one model, as far as somebody may read and write them."""

    def may(self, request: HttpRequest, verb: str, obj: Model | None = None) -> bool:
        """Say whether somebody may do something with a row, or with any."""
        if obj is None:
            return bool(ever(request.user, verb, self.model))
        return allows(request.user, verb, obj)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether a row may be seen."""
        return self.may(request, READ, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether there are rows that may be made."""
        return self.may(request, CREATE)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether something of a row may be changed."""
        return self.may(request, UPDATE, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether a row may be deleted."""
        return self.may(request, DELETE, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the app is listed."""
        return self.may(request, READ) or self.may(request, CREATE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Return the rows that may be read, each with what of it may be."""
        rows = super().get_queryset(request)
        if is_boundless(request.user):
            return rows
        known = marked(rows, reading(self.model, request.user))
        known = known.annotate(**self.labels(request))
        return cast("QuerySet[Model]", known)

    def labels(self, request: HttpRequest) -> dict[str, Exists]:
        """Return whether the rows of the columns may be read: what people call them is theirs."""
        asked = {}
        for name in self.list_display:
            if is_reference(self.model, name):
                target = field_of(self.model, name).related_model
                rows = target._base_manager.filter(
                    permitted(target, request.user, READ), pk=OuterRef(str(name))
                )
                asked[f"{name}_known_"] = Exists(rows)
        return asked

    def shown(self, request: HttpRequest, obj: Model | None) -> frozenset[str]:
        """Return what the page of a row has."""
        if obj is None:
            return frozenset().union(*ever(request.user, CREATE, self.model))
        names = fields(request.user, READ, obj)
        return frozenset(name for name in names if self.is_known(request, obj, name))

    def is_known(self, request: HttpRequest, obj: Model, name: str) -> bool:
        """Say whether a field leads nowhere but to a row that may be read."""
        target = getattr(obj, name, None) if is_reference(self.model, name) else None
        return target is None or allows(request.user, READ, target)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Return the fields of the page."""
        found = super().get_fieldsets(request, obj)
        return found if is_boundless(request.user) else self.narrowed(request, obj, found)

    def narrowed(self, request: HttpRequest, obj: Model | None, found: Any) -> Any:
        """Return what somebody may see of the fields of a page."""
        shown = self.shown(request, obj)
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name in shown]})
            for title, options in found
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Return what may be read and not written."""
        found = super().get_readonly_fields(request, obj)
        if obj is None or is_boundless(request.user):
            return found
        kept = self.shown(request, obj) - fields(request.user, UPDATE, obj)
        editable = {field.name for field in (*self.opts.fields, *self.opts.many_to_many)}
        return [*found, *sorted((kept & editable) - set(found))]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns; what is hidden in some rows is left out there."""
        names = super().get_list_display(request)
        if is_boundless(request.user):
            return names
        found = reading(self.model, request.user)
        shown = frozenset().union(*ever(request.user, READ, self.model))
        plain = fields_everywhere(request.user, self.model)
        return [
            column(self, str(name), found)
            if name not in plain or is_reference(self.model, name)
            else name
            for name in names
            if name in shown
        ]

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Return what is searched: nothing that may be hidden, here or in another row."""
        return self.askable(request, super().get_search_fields(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Return what rows are chosen by."""
        return self.askable(request, super().get_list_filter(request))

    def askable(self, request: HttpRequest, names: Any) -> Any:
        """Return those of the fields that may be asked for."""
        if is_boundless(request.user):
            return names
        plain = fields_everywhere(request.user, self.model)
        return [name for name in names if name in plain]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Say whether an address may choose rows by a field."""
        name, *_ = lookup.split("__")
        is_told = bool(self.askable(request, [name]))
        return is_told and super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: Any) -> None:
        """Write a row by the rules; what it is linked to follows."""
        if is_boundless(request.user):
            super().save_model(request, obj, form, change)
            return
        given = given_by(form)
        with ExitStack() as written:
            written.enter_context(writing(request.user, UPDATE if change else CREATE, obj, given))
            super().save_model(request, obj, form, change)
            vars(request)["written"] = written.pop_all()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write what a row is linked to, and ask the rules again."""
        with vars(request).pop("written", ExitStack()):
            super().save_related(request, form, formsets, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """Write rows on the page of the row that they point to, each by the rules."""
        with ExitStack() as written:
            for each in () if is_boundless(request.user) else formset.forms:
                if each in formset.deleted_forms:
                    if each.instance.pk and not each.instance._state.adding:
                        written.enter_context(writing(request.user, DELETE, each.instance, {}))
                elif each.has_changed():
                    given = given_by(each)
                    verb = CREATE if each.instance._state.adding else UPDATE
                    written.enter_context(writing(request.user, verb, each.instance, given))
            super().save_formset(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete a row by the rules."""
        with writing(request.user, DELETE, obj, {}):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete rows, all of them or none."""
        keys = set(queryset.values_list("pk", flat=True))
        rows = self.model._base_manager.filter(pk__in=keys).select_for_update(of=("self",))
        deletable = permitted(self.model, request.user, DELETE)
        refused = rows.exclude(pk__in=self.model._base_manager.filter(deletable).values("pk"))
        for row in refused[:1]:
            raise refusal(request.user, DELETE, row)
        super().delete_queryset(request, queryset)


def given_by(form: Any) -> dict[str, Any]:
    """Return the values that a form gives to fields of its row."""
    model = type(form.instance)
    names = [name for name in form.changed_data if field_of(model, name) is not None]
    return {name: form.cleaned_data[name] for name in names}


def field_of(model: type[Model], name: Any) -> Any:
    """Return a field of a model, if it has one of that name."""
    try:
        return model._meta.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        return None


def is_reference(model: type[Model], name: Any) -> bool:
    """Say whether a field leads to a row."""
    return isinstance(field_of(model, name), ForeignKey)


def column(page: PermittedAdmin, name: str, found: list[Way]) -> Callable[[Model], Any]:
    """Return a column that is empty where somebody may not read it."""
    field = field_of(page.model, name)
    empty = page.get_empty_value_display()

    def show(row: Model) -> Any:
        if name not in seen(row, found) or not getattr(row, f"{name}_known_", True):
            return empty
        value = getattr(row, name)
        if field is None or field.is_relation:
            return display_for_value(value, empty)
        return display_for_field(value, field, empty)

    return admin.display(description=str(getattr(field, "verbose_name", name)))(show)
