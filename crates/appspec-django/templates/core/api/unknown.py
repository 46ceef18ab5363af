"""Addresses that the API does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.http import Http404
from rest_framework.views import APIView

if TYPE_CHECKING:
    from rest_framework.request import Request


class UnknownView(APIView):
    """Nothing, told as a problem: a client should not have to read a page for people."""

    authentication_classes = ()
    schema = None

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Say that there is nothing, whatever is asked."""
        raise Http404(request.path)
