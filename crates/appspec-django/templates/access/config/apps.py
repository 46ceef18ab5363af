"""Django's admin, with the site that staff may enter."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Makes ``django.contrib.admin.site`` the site named here."""

    default_site = "core.admin_site.StaffAdminSite"
