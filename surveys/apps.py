from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commons.activities import kinds

if TYPE_CHECKING:
    from commons.activities.models import Activity


class SurveysConfig(kinds.Kind):
    name = "surveys"
    verbose_name = _("Surveys")
    kind_name = _("Survey")
    verb = _("Answer the questions")
    commenters_take_part = False
    secret = True  # those who evaluate it read answers without names, and must not find the names elsewhere

    def ready(self) -> None:
        from commons.activities import counters
        from surveys import answering, receivers  # noqa: F401 - receivers listen

        counters.KEPT.append(answering.PARTICIPANTS)

    def label_of(self, field: str) -> str:
        return str(_("question")) if field == "question" else super().label_of(field)

    def lacking(self, activity: Activity) -> dict[str, list[str]]:
        from surveys import checks

        return checks.missing(activity.pk)
