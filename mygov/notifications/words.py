"""What a notification says, in the language of whoever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.activities.models import Contribution
from mygov.moderation.reasons import Reason

if TYPE_CHECKING:
    from mygov.notifications.models import Notification


def sentence(notification: Notification) -> str:
    """One sentence. The activity's title is added by whoever shows it."""
    values = notification.values
    sentences = {
        "reply": _("Somebody replied to you."),
        "official answer": _("The institution answered you."),
        "held": _("What you wrote waits for a moderator."),
        "hidden": _("A moderator has hidden what you wrote."),
        "restored": _("What you wrote is shown."),
        "appeal granted": _("Your appeal was granted: what you wrote is shown again."),
        "appeal refused": _("Another moderator looked at your appeal: the decision stands."),
        "decision reversed": _("An appeal against a decision of yours was granted."),
        "decision upheld": _("An appeal against a decision of yours was refused."),
        "report upheld": _("What you reported is no longer shown. Thank you."),
        "report dismissed": _("A moderator has looked at what you reported: it breaks no rule."),
        "disposed": _("What you said: %(standing)s.") % {"standing": standing(values.get("standing", ""))},
        "attachment refused": _(
            "The virus scanner found harmful software in the file you attached. It is thrown away; your text is kept."
        ),
        "outcome": _("The outcome is published."),
        "withdrawn": _("This was withdrawn."),
        "changed": _("Something changed after it opened."),
        "consultation step": _("The consultation has reached its next step."),
        "timetable changed": _("A date on the way to the final text has changed."),
        "draft published": _("A new version of the text is published."),
        "matrix published": _("The response matrix is published: it answers what people said."),
        "opened": _("Something you follow has opened."),
        "idea sponsored": _("Your idea found its sponsors. A moderator looks at it within 10 days."),
        "idea parked": _("A moderator asks you something about your idea."),
        "idea rejected": _("The idea was not accepted."),
        "idea stopped": _("The idea found no sponsors in time."),
        "idea opened": _("The idea is open to everybody now."),
        "idea notice": _("The author of an idea you support writes to you."),
        "idea earned answer": _("The idea earned a written answer: the institution has 60 days."),
        "idea earned hearing": _("The idea earned a public hearing."),
        "idea to answer": _("An idea waits for your institution."),
        "idea retired": _("An idea you support was laid down by its author."),
        "idea answered": _("The institution answered the idea."),
        "submitted": _("Something waits for your approval."),
        "returned": _("What you submitted came back with a note."),
        "published": _("What you wrote is published."),
        "mail came back": _("Mail to you came back, so no more is sent. Look at your address in the settings."),
        "sms came back": _("SMS to you came back, so no more are sent. Look at your number in the settings."),
    }
    return sentences[notification.event]


def standing(code: str) -> str:
    return str(dict(Contribution.Standing.choices).get(code, code))


def reason(notification: Notification) -> str:
    """The words that came with a decision, as they were given."""
    return str(notification.values.get("words", ""))


def reference(notification: Notification) -> str:
    """The number under which what one said can be asked for; empty where the news is of something else."""
    return str(notification.values.get("reference", ""))


def rule(notification: Notification) -> tuple[str, str] | None:
    """For a moderator's decision: the name of the rule it rests on, and where that rule stands."""
    code = notification.values.get("reason")
    if notification.event not in {"held", "hidden"} or code not in Reason.values:
        return None
    return str(Reason(code).label), f"/community-rules/#{code}"
