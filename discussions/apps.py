from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commons.activities import kinds

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


class DiscussionsConfig(kinds.Kind):
    name = "discussions"
    verbose_name = _("Discussions")
    kind_name = _("Discussion")
    verb = _("Comment")

    def ready(self) -> None:
        from commons.activities import counters
        from commons.integrity import kinds as kinds_of_votes
        from discussions import ideas

        kinds_of_votes.add(ideas.KIND)
        counters.KEPT.extend(ideas.COUNTERS)

    def anchored(self, user: User | AnonymousUser, activity_id: int, anchor: str) -> kinds.Anchored | None:
        from discussions.models import Idea

        kind, _dash, number = anchor.partition("-")
        if kind != "idea" or not number.isdecimal() or len(number) > 18:
            return None
        return Idea.objects.visible_to(user).filter(activity=activity_id, pk=number).first()
