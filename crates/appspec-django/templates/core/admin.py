"""What every page of the admin site does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# if access
from django.contrib import messages
# else
from django.contrib import admin, messages
# end
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.db import models, transaction
from django.http import HttpResponseRedirect

# if access
from core.admin_access import PermittedAdmin
# end
from core.db.across import ask_now
from core.errors import REFUSALS, explain

if TYPE_CHECKING:
    from django.db.models.fields.related import RelatedField
    from django.forms import ModelForm
    from django.http import HttpRequest, HttpResponse
# if access


class RecordAdmin(PermittedAdmin):
# else

    _ModelAdmin = admin.ModelAdmin[models.Model]
else:
    _ModelAdmin = admin.ModelAdmin


class RecordAdmin(_ModelAdmin):
# end
    """Pages for the rows of one model."""

    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        """Return rows with those that they are shown with, in lists and in choices alike."""
        rows = super().get_queryset(request)
        joined = self.get_list_select_related(request)
        return rows.select_related(*joined) if isinstance(joined, tuple) and joined else rows

    def get_field_queryset(
        self, db: str | None, db_field: RelatedField[Any, Any], request: HttpRequest
    ) -> models.QuerySet[Any] | None:
        """Return what can be chosen as its own list has it."""
        target = db_field.remote_field.model
        if not self.admin_site.is_registered(target):
            return super().get_field_queryset(db, db_field, request)
        return self.admin_site.get_model_admin(target).get_queryset(request).using(db)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse an action on keys that no row could have."""
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(key)
            except ValidationError as error:
                message = "No row could have this key."
                raise BadRequest(message) from error
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except REFUSALS as error:
            return self.told(request, error, request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer what only the database could refuse with the message of the rule."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as error:
            return self.told(request, error, request.path)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write what belongs to the row; nobody is told of success before every rule is asked."""
        super().save_related(request, form, formsets, change)
        ask_now()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Delete a row; nobody is told of success before every rule is asked."""
        super().delete_model(request, obj)
        ask_now()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete rows; nobody is told of success before every rule is asked."""
        super().delete_queryset(request, queryset)
        ask_now()

    def told(self, request: HttpRequest, error: Exception, path: str) -> HttpResponse:
        """Say why the database has refused something, on a page that changes nothing."""
        if request.method != "POST":
            raise error
        self.message_user(request, " ".join(explain(error).messages), messages.ERROR)
        return HttpResponseRedirect(path)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer what only the database could refuse with the message of the rule."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            if request.method != "POST":
                raise
            refusal = explain(error)
        # The same page again: it holds what was typed, and now its form refuses it.
        vars(request)["refusal"] = refusal
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the class of the form, which refuses what the database has refused."""
        form: Any = super().get_form(request, *args, **kwargs)
        refusal = vars(request).get("refusal")
        return form if refusal is None else refusing(form, refusal)


def refusing(form: type[ModelForm[Any]], refusal: ValidationError) -> type[ModelForm[Any]]:
    """Return a form that shows a refusal beside its own errors."""

    def full_clean(self: ModelForm[Any]) -> None:
        form.full_clean(self)
        self.add_error(None, refusal)

    return type(form.__name__, (form,), {"full_clean": full_clean})
