"""Admin pages on which people do what the lifecycle of a row allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.forms import Form, fields_for_model
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from core.access import allows
from core.admin import RecordAdmin
from core.errors import REFUSALS, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class RowAction:
    """A service that moves a row, the states that it leaves, and the fields that it asks for.

    With each of these stands what the service calls it.
    """

    label: str
    run: Callable[..., None]
    state: str
    leaves: tuple[str, ...]
    needs: Mapping[str, str] = field(default_factory=dict)


class ActionsAdmin(RecordAdmin):
    """Pages with a button for each action that somebody may do with the row as it is."""

    row_actions: ClassVar[Mapping[str, RowAction]] = {}
    change_form_template = "admin/record_change_form.html"

    def offered(self, request: HttpRequest, row: Model) -> dict[str, RowAction]:
        """Return the actions that are possible now."""
        return {
            name: action
            for name, action in self.row_actions.items()
            if getattr(row, action.state) in action.leaves and allows(request.user, name, row)
        }

    def get_urls(self) -> Any:
        """Return the addresses of the pages."""
        view = self.admin_site.admin_view(self.action_view)
        return [
            path("<path:object_id>/do/<str:name>/", view, name=self.page()),
            *super().get_urls(),
        ]

    def page(self) -> str:
        """Return the name of the page on which an action is done."""
        return f"{self.opts.app_label}_{self.opts.model_name}_do"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Offer what can be done with the row."""
        row = self.get_object(request, unquote(object_id))
        offered = self.offered(request, row) if row is not None else {}
        place = f"{self.admin_site.name}:{self.page()}"
        buttons = [
            (action.label, reverse(place, args=[object_id, name]))
            for name, action in offered.items()
        ]
        context = {**(extra_context or {}), "row_actions": buttons}
        return super().change_view(request, object_id, form_url, context)

    def action_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask for what an action needs, and do it."""
        row = self.get_object(request, unquote(object_id))
        action = self.offered(request, row).get(name) if row is not None else None
        if row is None or action is None:
            raise Http404
        form = self.form_for(request, action)
        back = reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change",
            args=[object_id],
        )
        if form.is_valid():
            try:
                given = {action.needs[name]: value for name, value in form.cleaned_data.items()}
                action.run(row, by=request.user, **given)
            except ValidationError as refused:
                form.add_error(None, " ".join(refused.messages))
            except REFUSALS as error:
                form.add_error(None, explain(error))
            else:
                self.log_change(request, row, [{"changed": {"fields": [action.state]}}])
                self.message_user(request, f"{action.label}: {row}", messages.SUCCESS)
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": action.label,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/record_action.html", context)

    def form_for(self, request: HttpRequest, action: RowAction) -> Form:
        """Return a form with what an action needs."""
        asked = fields_for_model(
            self.model,
            fields=list(action.needs),
            formfield_callback=lambda asked, **options: self.formfield_for_dbfield(
                asked, request, **{**options, "required": True}
            ),
        )
        form: Any = type("ActionForm", (Form,), dict(asked))
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        return cast("Form", form(*sent))
