from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "commons.comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        from commons.activities import counters
        from commons.comments import folding, voting
        from commons.integrity import kinds

        kinds.add(voting.KIND)
        counters.KEPT.extend(folding.kept())
