"""The text that is asked about: its versions, its clauses, and how each version words each clause.

A clause is what stays the same from version to version: its number in addresses, what people said about it. How it is
numbered and worded belongs to a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Consultation

if TYPE_CHECKING:
    from collections.abc import Iterable


class Draft(models.Model):
    """One version of the text. The first is published with its consultation; each later one by a second official."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft for comments")
        REVISED = "revised", _("Revised draft")
        FINAL = "final", _("Final text")

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, verbose_name=_("consultation"), related_name="drafts"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    language = models.CharField(_("language of the text"), max_length=5, choices=settings.LANGUAGES, default="en")
    source = models.CharField(_("made from"), max_length=200, blank=True)
    clause_count = models.PositiveIntegerField(_("clauses"), default=0)  # top level only
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("brought in"), db_default=Now(), editable=False)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        verbose_name = _("version of the text")
        verbose_name_plural = _("versions of the text")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="draft_number_once"),
            models.CheckConstraint(
                condition=Q(approver=None) | Q(author=None) | ~Q(approver=models.F("author")),
                name="draft_published_by_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} ({self.number})"


class Clause(models.Model):
    """A rule, sub-rule or item, whatever it is called in this version. The counters hold what was said here and below."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="clauses")
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="split_into")
    support_count = models.PositiveIntegerField(default=0, editable=False)
    oppose_count = models.PositiveIntegerField(default=0, editable=False)
    amend_count = models.PositiveIntegerField(default=0, editable=False)
    ask_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")

    def __str__(self) -> str:
        return f"{_('Clause')} {self.pk}"

    @property
    def response_count(self) -> int:
        return self.support_count + self.oppose_count + self.amend_count + self.ask_count


class WordingQuerySet(models.QuerySet["Wording"]):
    def roots(self) -> WordingQuerySet:
        return self.filter(depth=0).order_by("position")

    def below(self, roots: Iterable[Wording]) -> WordingQuerySet:
        """These clauses and everything in them, in the order of the text."""
        return self.filter(root_position__in=[root.position for root in roots]).order_by("position")


class Wording(models.Model):
    """How one version words one clause. `text` is what is quoted and compared, `html` what is shown."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="wordings")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="wordings")
    position = models.PositiveIntegerField()
    root_position = models.PositiveIntegerField()  # of the clause of the top level it belongs to
    depth = models.PositiveSmallIntegerField(default=0)
    number = models.CharField(max_length=20, blank=True)  # "4", "(2)", "(a)"; empty for a schedule
    label = models.CharField(max_length=60)  # "4(2)(a)": how one cites it
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    source = models.TextField(blank=True)  # the Markdown it was made from, without its number

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(fields=["draft", "clause"], name="wording_once_a_draft"),
            models.UniqueConstraint(fields=["draft", "position"], name="wording_in_order"),
        ]
        indexes = [models.Index(fields=["draft", "root_position", "position"], name="wording_of_a_clause")]

    def __str__(self) -> str:
        return f"{self.label} {self.heading}".strip()

    def url_in(self, slug: str) -> str:
        """The page of the clause."""
        return reverse("consultations:clause", args=[slug, self.clause_id])
