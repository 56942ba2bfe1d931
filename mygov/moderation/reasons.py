"""The reasons for which a text is held, hidden or reported. They are public: each is a heading of the community rules."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULES_VERSION = "2026-11"  # of the page "Rules of the conversation"; every decision keeps the one it was made under


class Reason(models.TextChoices):
    """In the order of their gravity. The page "Rules of the conversation" explains each under the same name."""

    ILLEGAL = "illegal", _("Illegal content or personal data")
    OFFENCE = "offence", _("Offence or hate")
    IMPERSONATION = "impersonation", _("Impersonation")
    SPAM = "spam", _("Spam")
    DUPLICATE = "duplicate", _("Duplicate")
    OFF_TOPIC = "off_topic", _("Off topic")

    @property
    def gravity(self) -> int:
        """6 for the gravest, 1 for the lightest."""
        return len(Reason) - list(Reason).index(self)


# What an author reads when the moderator adds no words of their own.
STANDARD_WORDS: dict[str, Promise] = {
    Reason.ILLEGAL: _("It breaks the law, or shows somebody's personal data."),
    Reason.OFFENCE: _("It insults or threatens people. Say what is wrong without attacking anybody."),
    Reason.IMPERSONATION: _("It speaks in the name of somebody you are not."),
    Reason.SPAM: _("It advertises, or repeats a message that is not about this."),
    Reason.DUPLICATE: _("It says again what was said already. Support what is there instead."),
    Reason.OFF_TOPIC: _("It is not about what is asked here. Another place may be right for it."),
}


def gravity(code: str) -> int:
    """0 when nothing is suspected."""
    return Reason(code).gravity if code else 0


def gravest(*codes: str) -> str:
    return max(codes, key=gravity)
