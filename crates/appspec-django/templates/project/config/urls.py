"""Every address that the project answers to."""

from django.contrib import admin
from django.urls import {% if has_access %}include, {% endif %}path, {% if has_access %}re_path, {% endif %}reverse_lazy
from django.views.generic import RedirectView
{%- if has_access %}
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
{%- endif %}

{% if has_access %}from config.api import router
from core.api.me import MeView
from core.api.unknown import UnknownView
{% endif %}{% if has_files %}from core.downloads import download
{% endif %}from core.health import live, ready
{%- if has_auth %}
from core.signing_in import closed
{%- endif %}

urlpatterns = [
    path("", RedirectView.as_view(url=reverse_lazy("admin:index")), name="home"),
    path("admin/", admin.site.urls),
{%- if has_access %}
    path("api/", include(router.urls)),
{%- if has_auth %}
    re_path("^api/auth/.*/account/(?:phone|email)$", closed),
    path("api/auth/", include("allauth.headless.urls")),
{%- endif %}
    path("api/me/", MeView.as_view(), name="me"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="api_docs"),
    re_path("^api/", UnknownView.as_view()),
{%- endif %}
{%- if has_files %}
    path("files/<path:name>", {% if has_access %}download{% else %}admin.site.admin_view(download){% endif %}, name="download"),
{%- endif %}
    path("healthz", live, name="live"),
    path("readyz", ready, name="ready"),
]
{%- if has_access %}
handler400 = "core.api.problems.unreadable"
{%- endif %}
