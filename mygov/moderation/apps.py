from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "mygov.moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from mygov.moderation import receivers  # noqa: F401 - registers
        from mygov.moderation.models.screening_rule import add_missing

        post_migrate.connect(add_missing, sender=self)
