"""Who asks, and what they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import ROLES
from core.roles import roles_held

if TYPE_CHECKING:
    from rest_framework.request import Request

    from core.roles import Actor


class WhoAsksSerializer(serializers.Serializer[object]):
    """The person, if anybody is signed in, their roles, and what each write has to send along."""

    id = serializers.CharField(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())
    csrf_token = serializers.CharField(help_text="Sent with each write as `X-CSRFToken`.")


class MeView(APIView):
    """Who is asking."""

    permission_classes = (permissions.AllowAny,)

    @extend_schema(responses=WhoAsksSerializer)
    def get(self, request: Request) -> Response:
        """Return who is asking."""
        person = cast("Actor", request.user)
        names = [role.name for role in roles_held(person, ROLES)]
        shown = {"id": request.user.pk, "roles": names, "csrf_token": get_token(request)}
        return Response(WhoAsksSerializer(shown).data)
