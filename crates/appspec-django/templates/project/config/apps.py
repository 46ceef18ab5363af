"""Django's admin, with the site that only superusers may enter."""

from django.contrib.admin.apps import AdminConfig


class SuperuserAdminConfig(AdminConfig):
    """Makes ``django.contrib.admin.site`` the site named here."""

    default_site = "core.admin_site.SuperuserAdminSite"
