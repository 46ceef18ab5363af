"""The admin site. Staff may enter it; what they find there is for the rules to say."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy

{{ title }}


class StaffAdminSite(AdminSite):
    """Django's admin site, open to those whom it calls staff."""

    site_header = TITLE
    site_title = TITLE
    index_title = gettext_lazy("Site administration")
