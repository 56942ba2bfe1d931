from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commons.activities import kinds

if TYPE_CHECKING:
    from commons.activities.models import Activity


class PollsConfig(kinds.Kind):
    name = "polls"
    verbose_name = _("Polls")
    kind_name = _("Poll")
    verb = _("Vote")
    commenters_take_part = False
    secret = True

    def ready(self) -> None:
        from commons.activities import counters
        from commons.integrity import kinds as kinds_of_votes
        from polls import receivers, recounting, standing  # noqa: F401 - connects

        kinds_of_votes.add(standing.KIND)
        counters.KEPT.extend(recounting.COUNTERS)

    def lacking(self, activity: Activity) -> dict[str, list[str]]:
        from polls.readiness import lacking

        return lacking(activity.pk)
