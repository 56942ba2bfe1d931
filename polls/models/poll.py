"""A poll: one question with options, answered by ballots. While it is open, nobody can change what is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from commons.activities.models import Activity

MOST_OPTIONS = 18  # with the name of the form's other fields they still fit in a draft (commons/people/drafts.py)
MOST_DOTS = 99
LONGEST_CHECK = timedelta(hours=48)  # after the close, of ballots that may be of one hand

# Once it is open (by the database's clock), question and options stay; what is wrong is voided, never edited.
FROZEN = """
IF EXISTS (SELECT FROM activities_activity a WHERE a.id = {poll} AND a.state IN ('published', 'withdrawn')
           AND a.opens_at <= clock_timestamp()) THEN
  RAISE EXCEPTION 'the poll is open: its question and options stay as they are' USING ERRCODE = 'check_violation';
END IF;
RETURN {row};
"""


class Method(models.TextChoices):
    SINGLE = "single", _("One choice")
    MULTIPLE = "multiple", _("Several choices")
    RANKED = "ranked", _("Ranking")
    SCORE = "score", _("Score from 0 to 5")
    DOTS = "dots", _("Dots to share out")
    BUDGET = "budget", _("Budget to spend")
    PICTURES = "pictures", _("One of several pictures")
    YES_NO = "yes_no", _("Yes, no, can’t say")


class Poll(Activity):
    """An activity whose act is to vote: one ballot a person, changeable until it closes."""

    Method = Method

    class Ranking(models.TextChoices):
        BORDA = "borda", _("Borda: with n options the first place earns n points, the next n−1, and so on")
        DOWDALL = "dowdall", _("Dowdall: the first place earns 60 points, the second 60/2, the third 60/3, and so on")

    class Shown(models.TextChoices):
        ALWAYS = "always", _("at any time")
        AFTER_VOTE = "after_vote", _("to whoever has voted; to everybody after it closes")
        AFTER_CLOSE = "after_close", _("to everybody after it closes")
        OFFICIALS_FIRST = "officials_first", _("to officials when it closes, to everybody some hours later")

    method = models.CharField(_("how people vote"), max_length=10, choices=Method, default=Method.SINGLE)
    most = models.PositiveSmallIntegerField(
        _("how many"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DOTS)],
        help_text=_("Several choices: how many at most. Dots: how many each person has (8 when left empty)."),
    )  # fmt: skip
    ranking = models.CharField(
        _("how ranks are counted"),
        max_length=10,
        choices=Ranking,
        default=Ranking.BORDA,
        help_text=_("Only for a ranking."),
    )
    budget = models.PositiveBigIntegerField(
        _("budget"), null=True, blank=True, help_text=_("Only for a budget: what may be spent in all.")
    )
    unit = I18nCharField(
        _("unit of the costs"), max_length=40, blank=True, help_text=_("Only for a budget, as in “lakh rupees”.")
    )
    allows_none = models.BooleanField(_("offer “none of these”"), default=False)
    shuffles = models.BooleanField(
        _("mix the options"), default=True,
        help_text=_("Each voter gets them in another order, so that none gains by standing first."),
    )  # fmt: skip
    guests = models.BooleanField(
        _("let people vote without an account"), default=False, db_default=False,
        help_text=_("Counted in a column of its own: whoever clears the browser's memory can vote again as a guest."),
    )  # fmt: skip
    shown = models.CharField(_("results are shown"), max_length=20, choices=Shown, default=Shown.AFTER_VOTE)
    hours_first = models.PositiveSmallIntegerField(
        _("hours for officials first"), default=48, validators=[MaxValueValidator(48)],
        help_text=_("Only for “officials first”: at most 48. Then everybody sees the results, whatever happens."),
    )  # fmt: skip
    sealed_at = models.DateTimeField(null=True, editable=False)
    list_head = models.CharField(max_length=64, blank=True, editable=False)  # of the list of ballots, once sealed
    chain_head = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = [
            models.CheckConstraint(condition=Q(hours_first__lte=48), name="poll_public_after_48_hours"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_while_open", when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(
                    "method", "most", "ranking", "budget", "unit", "allows_none", "shuffles", "guests", "shown", "hours_first"
                ),
                func=FROZEN.format(poll="NEW.activity_ptr_id", row="NEW"),
            )
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A poll has no conversation of its own: whoever takes part votes."""
        if not args:
            kwargs.setdefault("conversation", Activity.Conversation.NONE)
        super().__init__(*args, **kwargs)

    @property
    def votes_for(self) -> int:
        """How many choices or dots a ballot has at most."""
        return self.most or {Method.DOTS: 8, Method.MULTIPLE: 3}.get(Method(self.method), 1)

    @property
    def is_counted(self) -> bool:
        """Whether its ballots are final; when the results may be seen, the list is public then."""
        return self.sealed_at is not None

    @property
    def is_final_by(self) -> datetime | None:
        """When the count of a closed poll is published at the latest, whatever is still being checked."""
        return self.closes_at + LONGEST_CHECK if self.closes_at else None

    @property
    def public_at(self) -> datetime | None:
        """From when on everybody sees the results; None while that is open to say, or at once."""
        if self.shown == self.Shown.ALWAYS or self.closes_at is None:
            return None
        first = timedelta(hours=self.hours_first) if self.shown == self.Shown.OFFICIALS_FIRST else timedelta(0)
        return self.closes_at + first


class Option(models.Model):
    """One answer. Ballots name it by its number, which is the same in every language."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1), MaxValueValidator(MOST_OPTIONS)]
    )
    label = I18nCharField(_("option"), max_length=160)
    about = I18nTextField(_("explanation"), blank=True)
    cost = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    alt = I18nCharField(
        _("what the picture shows"), max_length=200, blank=True, help_text=_("For people who cannot see it.")
    )

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["poll", "number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="option_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=MOST_OPTIONS), name="option_number_in_range"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_while_open", operation=pgtrigger.Insert | pgtrigger.Update, when=pgtrigger.Before,
                func=FROZEN.format(poll="NEW.poll_id", row="NEW"),
            ),
            pgtrigger.Trigger(
                name="stays_while_open", operation=pgtrigger.Delete, when=pgtrigger.Before,
                func=FROZEN.format(poll="OLD.poll_id", row="OLD"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.label)


class Picture(models.Model):
    """An option's picture, made anew from what was uploaded (polls/pictures.py). In the database, so that it is
    saved, restored and shown by every web process like the question it belongs to."""

    option = models.OneToOneField(Option, models.CASCADE, related_name="picture")
    webp = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


def in_order(rows: list[Any], order: str) -> list[Any]:
    """Options by the numbers of an order ("3,1,2"); what it does not name comes last."""
    places = {int(number): place for place, number in enumerate(order.split(",")) if number}
    return sorted(rows, key=lambda option: places.get(option.number, len(places) + option.number))
