from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "mygov.notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from mygov.notifications import bounces, checks, receivers  # noqa: F401 - register
