"""The queue's filters with their choices, for a form that works without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from commons.directory.models import Institution
from groups.models import Group
from mygov.moderation.reasons import Reason
from mygov.moderation.targets import KINDS

if TYPE_CHECKING:
    from typing import Any

    from mygov.moderation.queue import Queue

MOST = 200  # institutions or groups in one list


def filters(queue: Queue) -> list[dict[str, Any]]:
    """Every filter with its choices and what is chosen."""
    institutions = [(one.code, str(one)) for one in Institution.objects.order_by("code")[:MOST]]
    groups = [(one.slug, str(one)) for one in Group.objects.visible().order_by("slug")[:MOST]]
    why = [
        ("held", _("Held")), ("reported", _("Reported")), ("unopened", _("Idea with its sponsors")),
        ("appeal", _("Appeal")), ("asked", _("A moderator asks")), ("escalated", _("Handed up")),
    ]  # fmt: skip
    ages = [
        ("late", _("Past its time")), ("1", _("A day or more")), ("3", _("3 days or more")),
        ("11", _("11 days or more")), ("14", _("14 days or more")),
    ]  # fmt: skip
    rows: list[tuple[str, str, list[tuple[str, Any]]]] = [
        ("why", _("Why it is here"), why),
        ("kind", _("Kind"), [(name, kind.plural) for name, kind in KINDS.items()]),
        ("reason", _("Suspicion"), Reason.choices),
        ("age", _("Waiting for"), ages),
        ("institution", _("Institution"), institutions),
        ("group", _("Group"), groups),
        ("language", _("Language"), list(settings.LANGUAGES)),
    ]
    return [
        {"name": name, "label": label, "choices": choices, "chosen": queue.asked.get(name, "")}
        for name, label, choices in rows
    ]
