"""A consultation asks about a text before it becomes law: what it is, why, what it costs, and by when it is answered."""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from commons.activities.models import Activity
from commons.core.markdown import to_html

SHORTEST = timedelta(days=30)  # the Pre-Legislative Consultation Policy of 2014

# Whatever is published and open for fewer days has its reason, signed. The two facts lie in two tables, where no CHECK
# reaches, and lifecycle verbs know the one table only; so a guard stands at each of them.
GUARD = """
IF NEW.kind = 'consultations' AND NEW.state = 'published'
   AND NEW.closes_at - NEW.opens_at < interval '30 days'
   AND NOT EXISTS (SELECT 1 FROM consultations_consultation c
                   WHERE c.activity_ptr_id = NEW.id AND c.short_signed_at IS NOT NULL) THEN
  RAISE EXCEPTION 'a window of fewer than 30 days needs a signed reason' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
SIGNATURE = """
IF NEW.short_signed_at IS NULL AND EXISTS (
     SELECT 1 FROM activities_activity a WHERE a.id = NEW.activity_ptr_id AND a.state = 'published'
     AND a.closes_at - a.opens_at < interval '30 days') THEN
  RAISE EXCEPTION 'a window of fewer than 30 days needs a signed reason' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Instrument(models.TextChoices):
    BILL = "bill", _("Bill")
    RULES = "rules", _("Rules")
    POLICY = "policy", _("Policy")
    PAPER = "paper", _("Issue paper")


class Consultation(Activity):
    """An activity whose act is to answer a text. The fields of impact are those the policy of 2014 asks for."""

    Instrument = Instrument

    instrument = models.CharField(_("instrument"), max_length=10, choices=Instrument, default=Instrument.RULES)
    note = I18nTextField(
        _("explanatory note"), blank=True,
        help_text=_("In plain language: what changes for whom, and when. Markdown. Needed before it is submitted."),
    )  # fmt: skip
    justification = I18nTextField(_("why this is needed"), blank=True)
    essentials = I18nTextField(_("its essential elements"), blank=True)
    finances = I18nTextField(_("what it costs"), blank=True, help_text=_("Its broad financial implications."))
    impact = I18nTextField(
        _("what it does to the environment, rights, lives and livelihoods"), blank=True,
        help_text=_("An estimate of its impact on the environment, fundamental rights, and the lives and livelihoods of those concerned."),
    )  # fmt: skip
    short_reason = I18nTextField(_("why fewer than 30 days"), blank=True, editable=False)
    short_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("signed by"),
        null=True,
        editable=False,
        related_name="+",
    )
    short_signed_at = models.DateTimeField(_("signed"), null=True, editable=False)
    matrix_at = models.DateTimeField(_("matrix published"), null=True, editable=False)
    matrix_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    matrix_told_at = models.DateTimeField(null=True, editable=False)  # everybody has their answer

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = [
            models.CheckConstraint(
                condition=Q(short_reason="", short_signed_by=None, short_signed_at=None)
                | (~Q(short_reason="") & Q(short_signed_by__isnull=False, short_signed_at__isnull=False)),
                name="consultation_shorter_is_signed",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="consultation_signature",
                operation=pgtrigger.UpdateOf("short_signed_at"),
                when=pgtrigger.Before,
                func=SIGNATURE,
            )
        ]

    @property
    def shown_impact(self) -> list[tuple[str, str, object]]:
        """The filled fields the policy asks for: anchor, name and text."""
        fields = ("justification", "essentials", "finances", "impact")
        shown = [(name, str(self._meta.get_field(name).verbose_name), getattr(self, name)) for name in fields]  # type: ignore[union-attr]
        return [(name, label, text) for name, label, text in shown if str(text)]

    @property
    def note_html(self) -> str:
        return to_html(str(self.note), official=True)


class GuardedActivity(Activity):
    """Carries the database's guard over consultations among all activities; never used as a model."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="consultation_guard",
                operation=pgtrigger.UpdateOf("state", "opens_at", "closes_at"),
                when=pgtrigger.Before,
                func=GUARD,
            )
        ]


class Document(models.Model):
    """Something else to read about it, where it is published."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="documents")
    title = I18nCharField(_("title"), max_length=160)
    link = models.URLField(_("address"), max_length=300)
    withdrawn_at = models.DateTimeField(null=True, editable=False)  # after publishing nothing is deleted

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.title)


class Step(models.Model):
    """One step on the way from a first paper to the law. Reached when its day has come; announced once."""

    class Name(models.TextChoices):
        PAPER = "paper", _("Issue paper")
        DRAFT = "draft", _("Draft for comments")
        CLARIFICATIONS = "clarifications", _("Questions answered in public")
        ANALYSIS = "analysis", _("Analysis of the responses")
        MATRIX = "matrix", _("Response matrix")
        REVISED = "revised", _("Revised draft")
        FINAL = "final", _("Final text")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="steps")
    name = models.CharField(_("step"), max_length=16, choices=Name)
    day = models.DateField(_("day"))
    words = I18nCharField(
        _("in your words"), max_length=160, blank=True,
        help_text=_("What happens then, and where. Empty: the step's name says it."),
    )  # fmt: skip
    announced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["consultation", "name"], name="step_once")]

    def __str__(self) -> str:
        return str(self.get_name_display())
