"""Every address that the project answers to."""

from django.contrib import admin
from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

{% if has_files %}from core.downloads import download
{% endif %}from core.health import live, ready

urlpatterns = [
    path("", RedirectView.as_view(url=reverse_lazy("admin:index")), name="home"),
    path("admin/", admin.site.urls),
{%- if has_files %}
    path("files/<path:name>", admin.site.admin_view(download), name="download"),
{%- endif %}
    path("healthz", live, name="live"),
    path("readyz", ready, name="ready"),
]
