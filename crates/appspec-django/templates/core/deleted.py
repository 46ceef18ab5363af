"""Pages of the admin site for rows that are marked when they are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import ProtectedError, RestrictedError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

# if access
from core.access import READ, marked, reading
# end
from core.admin import RecordAdmin
from core.deletions import Marks
# if access
from core.roles import is_boundless
# end

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    Rows = QuerySet[Any]


class DeletedFilter(admin.SimpleListFilter):
    """Shows what is deleted, or what is not."""

    title = gettext_lazy("deleted")
    parameter_name = "deleted"

    def lookups(self, *_args: Any) -> list[tuple[str, Any]]:
        """Return what can be chosen beside the rows that are not deleted."""
        return [("yes", gettext_lazy("Yes"))]

    def queryset(self, _request: HttpRequest, queryset: Rows) -> Rows:
        """Leave the rows to the page, which has chosen them."""
        return queryset


class RestorableAdmin(RecordAdmin):
    """Pages that show what is not deleted, and a list of what is, from which it is restored."""

    actions = ("restore_selected", "purge_selected")

    def shows_deleted(self, request: HttpRequest) -> bool:
        """Say whether this is the list of what is deleted; choices elsewhere never are."""
        page, own = request.resolver_match, f"{self.opts.app_label}_{self.opts.model_name}"
        is_list = page is not None and page.url_name == f"{own}_changelist"
        return is_list and request.GET.get(DeletedFilter.parameter_name) == "yes"

    def get_queryset(self, request: HttpRequest) -> Rows:
        """Return the rows that the page is about."""
        rows = super().get_queryset(request)
        if not self.shows_deleted(request):
            return rows
        model: Any = self.model
        deleted: Rows = model.all_objects.get_queryset().deleted()
# if access
        if not is_boundless(request.user):
            deleted = marked(deleted, reading(model, request.user))
            deleted = deleted.annotate(**self.labels(request))
# end
        deleted = deleted.order_by(*self.get_ordering(request))
        joined = self.get_list_select_related(request)
        return deleted.select_related(*joined) if isinstance(joined, tuple) and joined else deleted

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Offer to show what is deleted."""
        return (*super().get_list_filter(request), DeletedFilter)

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        """Lead to pages of rows that are not deleted."""
        if self.shows_deleted(request):
            return ()
        return super().get_list_display_links(request, list_display)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether a row can be deleted: what is deleted already can't."""
        return not self.shows_deleted(request) and super().has_delete_permission(request, obj)

    def has_restore_permission(self, request: HttpRequest) -> bool:
# if access
        """Say whether rows of this list can be restored: no rule speaks of that."""
# else
        """Say whether rows of this list can be restored: by whoever may delete them."""
# end
# if access
        return self.shows_deleted(request) and is_boundless(request.user)
# else
        return self.shows_deleted(request) and super().has_delete_permission(request)
# end

    @admin.action(permissions=["restore"], description=gettext_lazy("Restore the selected rows"))
    def restore_selected(self, request: HttpRequest, queryset: Any) -> None:
        """Restore rows, and what was deleted together with them."""
        try:
            restored = queryset.restore()
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return
        self.message_user(request, f"{restored} rows are restored.", messages.SUCCESS)

    @admin.action(permissions=["restore"], description=gettext_lazy("Delete for good"))
    def purge_selected(self, request: HttpRequest, queryset: Any) -> None:
        """Delete rows that are deleted already, and what goes with them, for good."""
        try:
            purged, _ = queryset.purge()
        except (ProtectedError, RestrictedError) as error:
            self.message_user(request, str(error.args[0]), messages.ERROR)
            return
        self.message_user(request, f"{purged} rows are gone for good.", messages.SUCCESS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what a deletion marks, how many, what may not be, and what is in the way."""
        marks = Marks(using=router.db_for_write(self.model))
        in_the_way: Iterable[Model] = ()
        try:
            marks.collect(objs)
        except (ProtectedError, RestrictedError) as error:
            in_the_way = error.args[1]
        found = [row for rows in marks.data.values() for row in rows]
        counts = {model._meta.verbose_name_plural: len(rows) for model, rows in marks.data.items()}
        refused = {
            model._meta.verbose_name
# if access
            for model, rows in marks.data.items()
            for row in rows
            if not self.admin_site.get_model_admin(model).has_delete_permission(request, row)
# else
            for model in marks.data
            if not self.admin_site.get_model_admin(model).has_delete_permission(request)
# end
        }
        return named(found), counts, refused, named(in_the_way)


def named(rows: Iterable[Model]) -> list[str]:
    """Return what people read of rows."""
    return [f"{capfirst(str(row._meta.verbose_name))}: {row}" for row in rows]
