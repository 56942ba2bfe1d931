from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "mygov.moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from mygov.moderation import receivers  # noqa: F401 - registers
        from mygov.moderation.models import review_share, screening_rule

        post_migrate.connect(screening_rule.add_missing, sender=self)
        post_migrate.connect(review_share.add_missing, sender=self)
