from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "commons.people"
    verbose_name = _("People")

    def ready(self) -> None:
        from commons.people import checks, receivers  # noqa: F401 - register
