"""The admin site under our name and colours."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("MyGov administration")
    site_title = _("MyGov administration")
    index_title = _("What waits for you")


class PortalAdminConfig(AdminConfig):
    default_site = "mygov.admin.PortalAdminSite"
