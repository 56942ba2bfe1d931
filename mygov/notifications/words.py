"""What a notification says, in the language of whoever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.activities.models import Contribution

if TYPE_CHECKING:
    from mygov.notifications.models import Notification

# Told by mail as well as in the portal. The rest is in the portal only.
BY_MAIL = {
    "reply", "official answer", "held", "hidden", "restored", "disposed", "outcome", "withdrawn", "changed",
    "idea opened", "idea retired", "idea answered", "submitted", "returned",
}  # fmt: skip


def sentence(notification: Notification) -> str:
    """One sentence. The activity's title is added by whoever shows it."""
    values = notification.values
    sentences = {
        "reply": _("Somebody replied to you."),
        "official answer": _("The institution answered you."),
        "held": _("What you wrote waits for a moderator."),
        "hidden": _("A moderator has hidden what you wrote."),
        "restored": _("What you wrote is shown."),
        "disposed": _("What you said: %(standing)s.") % {"standing": standing(values.get("standing", ""))},
        "outcome": _("The outcome is published."),
        "withdrawn": _("This was withdrawn."),
        "changed": _("Something changed after it opened."),
        "opened": _("Something you follow has opened."),
        "idea opened": _("The idea found its sponsors and is open to everybody."),
        "idea retired": _("An idea you support was laid down by its author."),
        "idea answered": _("The institution answered the idea."),
        "submitted": _("Something waits for your approval."),
        "returned": _("What you submitted came back with a note."),
        "published": _("What you wrote is published."),
    }
    return sentences[notification.event]


def standing(code: str) -> str:
    return str(dict(Contribution.Standing.choices).get(code, code))


def reason(notification: Notification) -> str:
    """The words that came with a decision, as they were given."""
    return str(notification.values.get("words", ""))
