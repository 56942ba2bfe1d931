"""Sections and their questions. A question of which answers exist is never changed: a new version takes its place."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from surveys import conditions
from surveys.models.survey import Survey
from surveys.shape import Asked

if TYPE_CHECKING:
    from surveys.conditions import Condition

NAME = r"^[a-z][a-z0-9_]{0,29}$"


def readable(text: str) -> Condition:
    """The tree of a stored expression; one that cannot be read never holds (`surveys/checks.py` says so before publishing)."""
    try:
        return conditions.parse(text)
    except conditions.Malformed:
        return conditions.Joined(False, ())


@pghistory.track()
class Section(models.Model):
    """One page of questions."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="sections")
    slug = models.SlugField(max_length=30, editable=False)
    position = models.PositiveSmallIntegerField(editable=False)
    title = I18nCharField(_("title"), max_length=200)
    intro = I18nTextField(_("introduction"), blank=True, help_text=_("Markdown."))
    shown_when = models.CharField(_("shown only when"), max_length=2000, blank=True)
    shuffled = models.BooleanField(_("questions in a different order for each person"), default=False)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "slug"], name="section_slug_once"),
            models.UniqueConstraint(
                fields=["survey", "position"], name="section_one_place", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @cached_property
    def condition(self) -> Condition:
        return readable(self.shown_when)


class Kind(models.TextChoices):
    """What kind of answer a question takes."""

    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    SINGLE = "single", _("One of several")
    MULTI = "multi", _("Several of several")
    MATRIX_SINGLE = "matrix_single", _("Table: one in each row")
    MATRIX_MULTI = "matrix_multi", _("Table: several in each row")
    RANKING = "ranking", _("Put in order")
    SCALE = "scale", _("Scale")
    NPS = "nps", _("0 to 10: would you recommend it?")
    DATE = "date", _("Date")
    NUMBER = "number", _("Number")
    FILE = "file", _("Picture or PDF")
    STATE = "state", _("State or union territory")
    PLACE = "place", _("A place on the map")
    PIN = "pin", _("PIN code")
    PHONE = "phone", _("Mobile number")
    CONSENT = "consent", _("Consent")
    INFO = "info", _("Text without an answer")


CHOOSING = {Kind.SINGLE, Kind.MULTI, Kind.RANKING, Kind.MATRIX_SINGLE, Kind.MATRIX_MULTI}
MATRIX = {Kind.MATRIX_SINGLE, Kind.MATRIX_MULTI}
OF_STATES = {Kind.STATE, Kind.PLACE}  # their options are the states and union territories, and are not typed
PLACE_PARTS = ("state", "lat", "lon")  # of an answer that is a place; the position is rounded, and may be missing
PRIVATE = {Kind.SHORT, Kind.LONG, Kind.FILE, Kind.PIN, Kind.PHONE, Kind.DATE}  # never in public results one by one


class Measure(models.TextChoices):
    """What a question tells about the person, for quotas, weights and what keeps people unrecognised."""

    NONE = "", _("nothing of that kind")
    REGION = "region", _("the region")
    GENDER = "gender", _("the gender")
    AGE = "age", _("the age group")


class QuestionQuerySet(models.QuerySet["Question"]):
    def current(self) -> QuestionQuerySet:
        """The newest version of each."""
        return self.filter(retired_at=None)

    def in_order(self) -> QuestionQuerySet:
        return self.order_by("section__position", "position", "version")


@pghistory.track()
class Question(models.Model):
    """One version of one question. `options` and `rows` are lists of {"code", "text": {language: words}, "stays"}."""

    Kind = Kind
    Measure = Measure

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", editable=False)
    section = models.ForeignKey(Section, models.CASCADE, verbose_name=_("section"), related_name="questions")
    name = models.CharField(
        _("name"), max_length=30, validators=[RegexValidator(NAME, _("Small letters, digits and _; a letter first."))],
        help_text=_("Short, as conditions and exports call it: small letters, digits and _."),
    )  # fmt: skip
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    position = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("kind of answer"), max_length=15, choices=Kind)
    title = I18nCharField(
        _("question"), max_length=300,
        help_text=_("An earlier answer can stand in it: {name} is replaced by what the person answered there."),
    )  # fmt: skip
    hint = I18nTextField(_("hint, or the text itself"), blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    options = models.JSONField(_("options"), default=list, blank=True)
    rows = models.JSONField(_("rows"), default=list, blank=True)
    shuffled = models.BooleanField(_("options in a different order for each person"), default=False)
    least = models.IntegerField(
        _("least"), null=True, blank=True, help_text=_("Of a number; or how many options must be chosen.")
    )
    most = models.IntegerField(
        _("most"), null=True, blank=True, help_text=_("Of a number or scale; how many options; or how many characters.")
    )
    low_label = I18nCharField(_("words at the low end"), max_length=60, blank=True)
    high_label = I18nCharField(_("words at the high end"), max_length=60, blank=True)
    shown_when = models.CharField(_("shown only when"), max_length=2000, blank=True)
    measures = models.CharField(_("tells about the person"), max_length=10, choices=Measure, blank=True, default="")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["section__position", "position", "version"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "name", "version"], name="question_version_once"),
            models.UniqueConstraint(
                fields=["survey", "name"], condition=Q(retired_at=None), name="question_one_current_version",
                violation_error_message=_("Another question of this survey has this name."),
            ),
            models.UniqueConstraint(
                fields=["survey", "measures"], condition=Q(retired_at=None) & ~Q(measures=""),
                name="question_one_for_each_measure",
                violation_error_message=_("Another question of this survey tells this about the person already."),
            ),
            models.CheckConstraint(condition=Q(name__regex=NAME), name="question_name_is_plain"),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(least__lte=F("most")), name="question_least_before_most",
                violation_error_message=_("The least cannot be more than the most."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def activity_id(self) -> int:
        return self.survey_id

    @cached_property
    def condition(self) -> Condition:
        return readable(self.shown_when)

    @property
    def answers_count(self) -> bool:
        return self.kind != Kind.INFO

    @property
    def has_states(self) -> bool:
        return self.kind in OF_STATES

    @property
    def bounds(self) -> tuple[int, int]:
        """The ends of a scale."""
        if self.kind == Kind.NPS:
            return 0, 10
        return (self.least if self.least is not None else 1), (self.most if self.most is not None else 5)

    @property
    def steps(self) -> list[int]:
        low, high = self.bounds
        return list(range(low, high + 1))

    def codes(self) -> list[str]:
        return [option["code"] for option in self.options]

    def row_codes(self) -> list[str]:
        return [row["code"] for row in self.rows]

    def as_asked(self) -> Asked:
        """As conditions see it."""
        scaled = self.kind in {Kind.SCALE, Kind.NPS}
        bounds: tuple[float | None, float | None] = self.bounds if scaled else (self.least, self.most)
        rows = ["state"] if self.kind == Kind.PLACE else self.row_codes()  # {where.state} = '9'
        return Asked(self.name, self.kind, self.condition, self.required, tuple(self.codes()), tuple(rows), *bounds)


def words_of(choice: dict[str, Any]) -> str:
    """An option's or row's words in the reader's language, or in the one there is."""
    text = choice["text"]
    return text.get((get_language() or "en")[:2]) or text.get("en") or next(iter(text.values()), choice["code"])
