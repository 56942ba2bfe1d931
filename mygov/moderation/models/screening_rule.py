"""The rules by which a text is held for a moderator before it shows. Administrators change them; history stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commons.audit.record import record

if TYPE_CHECKING:
    from commons.people.models import User

FIRST_WORDS = Path(__file__).parent.parent / "listed_words.txt"
FIRST_OFFICES = Path(__file__).parent.parent / "listed_offices.txt"


class Kind(models.TextChoices):
    LINKS = "links", _("Links: more than so many in one text")
    VELOCITY = "velocity", _("Velocity: so many contributions within ten minutes")
    DUPLICATES = "duplicates", _("Duplicates: alike in so many per cent")
    PERSONAL = "personal", _("Personal numbers, such as Aadhaar or a phone")
    WORDS = "words", _("Listed words")
    NAMES = "names", _("Offices that no citizen's name may claim")
    LEARNED = "learned", _("Learned from decisions: likely to be hidden, in per cent")


HOLD_AT = 10  # what a text must weigh to be held: one rule of weight 10, or two of 5
FIRST_THRESHOLDS = {
    Kind.LINKS: 2,
    Kind.VELOCITY: 5,
    Kind.DUPLICATES: 80,
    Kind.PERSONAL: 0,
    Kind.WORDS: 0,
    Kind.NAMES: 0,
    Kind.LEARNED: 90,
}


@pghistory.track()
class ScreeningRule(models.Model):
    """One rule, and how much of the way to being held what it finds is (`mygov.moderation.signals`)."""

    Kind = Kind

    kind = models.CharField(_("rule"), max_length=12, choices=Kind, unique=True, editable=False)
    enabled = models.BooleanField(_("in force"), default=True)
    threshold = models.PositiveSmallIntegerField(_("threshold"), default=0)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=HOLD_AT, db_default=HOLD_AT, validators=[MaxValueValidator(HOLD_AT)],
        help_text=_("A text is held when what was found in it weighs 10 together. 10: this rule alone is enough."),
    )  # fmt: skip
    words = models.TextField(
        _("words"), blank=True,
        help_text=_("One word or phrase a line, in English, Hindi or any other language. Lines that begin with # are notes."),
    )  # fmt: skip
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("screening rule")
        verbose_name_plural = _("screening rules")
        ordering = ["kind"]
        constraints = [models.CheckConstraint(condition=Q(weight__lte=HOLD_AT), name="rule_weight")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @transaction.atomic
    def change(self, by: User) -> None:
        """Saves what was changed as a new version."""
        names = ("enabled", "threshold", "weight", "words", "version")
        before: dict[str, Any] = {**ScreeningRule.objects.filter(pk=self.pk).values(*names).get()}
        self.save(update_fields=["enabled", "threshold", "weight", "words"])
        ScreeningRule.objects.filter(pk=self.pk).update(version=F("version") + 1)
        self.refresh_from_db(fields=["version"])
        after = {name: getattr(self, name) for name in names}
        record("screening_rule.change", self, by=by, before=before, after=after)


def add_missing(**kwargs: object) -> None:
    """Writes the rules this version of the portal knows and the database does not. Runs after every migration."""
    words = {Kind.WORDS: FIRST_WORDS, Kind.NAMES: FIRST_OFFICES}
    ScreeningRule.objects.bulk_create(
        (
            ScreeningRule(
                kind=kind, threshold=threshold, words=words[kind].read_text(encoding="utf-8") if kind in words else ""
            )
            for kind, threshold in FIRST_THRESHOLDS.items()
        ),
        ignore_conflicts=True,
    )
