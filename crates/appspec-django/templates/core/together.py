"""Pages of the admin site that write a row together with rows that point to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import StackedInline, TabularInline
from django.forms import ModelForm

from core.admin import RecordAdmin

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

if TYPE_CHECKING:
    _ModelForm = ModelForm[Model]
else:
    _ModelForm = ModelForm

if TYPE_CHECKING:
    _TabularInline = TabularInline[Model, Model]
else:
    _TabularInline = TabularInline


class TogetherForm(_ModelForm):
    """The form of a row whose rules are asked when the rows around it are written, too."""

    instance: Any

    def full_clean(self) -> None:
        """Validate the row by itself."""
        self.instance.comes_with_others = True
        super().full_clean()


class TogetherAdmin(RecordAdmin):
    """Pages for rows that are right only together with rows that point to them."""

    form = TogetherForm


class RowsInline(_TabularInline):
    """Rows on the page of the row that they point to, one a line."""

    extra = 0
    form = TogetherForm
    # Rows that never change are read on pages of their own.
    only_added = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Return the rows with what they are shown with, as their own list does."""
        rows = self.admin_site.get_model_admin(self.model).get_queryset(request)
        return rows.none() if self.only_added else rows


class TallRowsInline(RowsInline):
    """Rows with too many fields for a line."""

    template = StackedInline.template
