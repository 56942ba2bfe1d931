from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commons.activities import kinds

if TYPE_CHECKING:
    from commons.activities.models import Activity


class ConsultationsConfig(kinds.Kind):
    name = "consultations"
    verbose_name = _("Consultations")
    kind_name = _("Consultation")
    verb = _("Read and respond")
    commenters_take_part = False

    def ready(self) -> None:
        from commons.activities import counters
        from consultations import responding

        counters.KEPT.extend(responding.COUNTERS)

    def label_of(self, field: str) -> str:
        from consultations import correcting

        return correcting.label_of(field) or super().label_of(field)

    def check_answered(self, activity: Activity) -> None:
        from consultations import matrix

        matrix.check_answered(activity)

    def lacking(self, activity: Activity) -> dict[str, list[str]]:
        from consultations.readiness import lacking

        return lacking(activity)
