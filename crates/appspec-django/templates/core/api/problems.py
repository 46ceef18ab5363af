"""What went wrong, as problem details (RFC 9457), with the code of the rule that refused."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy
from django.views.defaults import bad_request
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import REFUSALS, RefusedError, explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

IN_USE = gettext_lazy("Other records need this one.")
INVALID = gettext_lazy("What was sent does not fit.")
NOT_FOUND = gettext_lazy("There is nothing here.")
ABOUT_ALL = {NON_FIELD_ERRORS, "non_field_errors", "detail"}


class ProblemRenderer(JSONRenderer):
    """Writes a problem as its media type."""

    media_type = "application/problem+json"


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return what tells of an error; nothing where the error is our own."""
    status, code, detail, errors, headers = told(error)
    if status is None:
        return None
    set_rollback()
    if errors and len(errors) == 1 and not errors[0]["field"]:
        code, detail, errors = errors[0]["code"], errors[0]["detail"], []
    body = written(status, code, detail, errors)
    response = Response(body, status, headers=headers, content_type=ProblemRenderer.media_type)
    request = context["request"]
    request.accepted_renderer = ProblemRenderer()
    request.accepted_media_type = ProblemRenderer.media_type
    return response


def written(status: int, code: str, detail: Any, errors: list[dict[str, str]]) -> dict[str, Any]:
    """Return the body of an answer that tells of a problem."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "code": code,
        "errors": errors,
    }


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what no view was asked for; outside of the API, as Django does."""
    if not request.path.startswith("/api/"):
        return bad_request(request, exception)
    body = written(400, "invalid", INVALID, [])
    return JsonResponse(body, status=400, content_type=ProblemRenderer.media_type)


Told = tuple[int | None, str, Any, list[dict[str, str]], dict[str, str]]


def told(error: Exception) -> Told:
    """Return the status, the code and the words for an error, field by field, and the headers."""
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return 404, "not_found", NOT_FOUND, [], {}
    if isinstance(error, RefusedError):
        fields = [problem(name, "not_permitted", error.message) for name in sorted(error.fields)]
        return 403, "not_permitted", error.message, fields, {}
    if isinstance(error, exceptions.ValidationError):
        return 400, "invalid", INVALID, list(parts_of_rest(error.get_full_details())), {}
    if isinstance(error, exceptions.APIException):
        return of_framework(error)
    return of_model(error)


def of_model(error: Exception) -> Told:
    """Return what the models and the database say."""
    if isinstance(error, ProtectedError | RestrictedError):
        return 409, "in_use", IN_USE, [], {}
    if isinstance(error, REFUSALS):
        error = explain(error)
    if not isinstance(error, ValidationError):
        return None, "", "", [], {}
    parts = list(parts_of_django(error))
    # The same may be possible in another moment.
    is_busy = any(part["code"] == "busy" for part in parts)
    is_untimely = getattr(error, "is_untimely", is_busy)
    return 409 if is_untimely else 400, "invalid", INVALID, parts, {}


def of_framework(error: exceptions.APIException) -> Told:
    """Return what the framework says, and how to sign in or how long to wait."""
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return 401, code, error.detail, [], {"WWW-Authenticate": "Cookie"}
    wait = getattr(error, "wait", None)
    headers = {} if wait is None else {"Retry-After": str(int(wait) + 1)}
    return error.status_code, code, error.detail, [], headers


def problem(field: str, code: str, detail: Any) -> dict[str, str]:
    """Return one thing that is wrong."""
    return {"field": field, "code": code, "detail": str(detail)}


def parts_of_django(error: ValidationError) -> Iterator[dict[str, str]]:
    """Return each thing that is wrong, with its field."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for field, found in by_field.items():
        for each in found:
            about = "" if field in ABOUT_ALL else field
            yield problem(about, each.code or "invalid", " ".join(each.messages))


def parts_of_rest(details: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Return each thing that is wrong, with its field; parts of a field are counted."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield problem(field, details["code"], details["message"])
    elif isinstance(details, dict):
        for name, inner in details.items():
            inside = f"{field}.{name}" if field else str(name)
            yield from parts_of_rest(inner, field if name in ABOUT_ALL else inside)
    elif isinstance(details, list):
        for inner in details:
            yield from parts_of_rest(inner, field)
