"""How the institution answers: themes, rows of the response matrix, and the files it is published as."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField

from commons.activities.models import Disposition
from commons.directory.models import Institution
from consultations.models.consultation import Consultation
from consultations.models.draft import Clause


class Theme(models.Model):
    """What several people say, in an official's words. A merged theme points at the one it became a part of."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="themes")
    title = models.CharField(_("theme"), max_length=160)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="merged")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["title", "id"]
        constraints = [models.UniqueConstraint(fields=["consultation", "title"], name="theme_once")]

    def __str__(self) -> str:
        return self.title


class Campaign(models.Model):
    """Texts that are nearly the same. None is deleted: they are read and answered together."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="campaigns")
    sample = models.TextField()
    people = models.PositiveIntegerField(default=0)
    distinct = models.PositiveIntegerField(default=0)  # different texts among them

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-people", "id"]

    def __str__(self) -> str:
        return self.sample[:80]

    @property
    def distinctness(self) -> int:
        """Different texts among a hundred."""
        return round(100 * self.distinct / self.people) if self.people else 100


class Clarification(models.Model):
    """An institution's public answer to a question about the text, or to several that ask the same."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="clarifications")
    words = I18nTextField(_("answer"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("answer to questions")
        verbose_name_plural = _("answers to questions")

    def __str__(self) -> str:
        return str(self.words)[:80]


class MatrixRow(models.Model):
    """One line of the response matrix: what was said about a clause under a theme, and what the institution decides.

    Without a clause it answers a theme wherever it was said; without a theme whatever else was said of the clause;
    without both all that no other row answers.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        IN_PART = "in_part", _("Accepted in part")
        NOT_ACCEPTED = "not_accepted", _("Not accepted")
        PROVIDED = "provided", _("Already provided")
        OUT_OF_SCOPE = "out_of_scope", _("Outside what was asked")
        REFERRED = "referred", _("Referred")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="rows")
    clause = models.ForeignKey(
        Clause, models.PROTECT, verbose_name=_("clause"), null=True, blank=True, related_name="rows"
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, verbose_name=_("theme"), null=True, blank=True, related_name="rows"
    )
    people = models.PositiveIntegerField(_("people"), default=0, editable=False)
    organisations = models.PositiveIntegerField(_("organisations"), default=0, editable=False)
    summary = I18nTextField(_("what was said"))
    quotes = models.ManyToManyField("consultations.Annotation", verbose_name=_("quotes"), blank=True, related_name="+")
    response = I18nTextField(_("the institution's answer"), max_length=2000)
    decision = models.CharField(_("decision"), max_length=16, choices=Decision)
    reason = models.CharField(_("reason"), max_length=20, choices=Disposition.Reason, blank=True)
    referred_to = models.ForeignKey(
        Institution, models.PROTECT, verbose_name=_("referred to"), null=True, blank=True, related_name="+"
    )
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="+")
    decided_at = models.DateTimeField(_("decided"), db_default=Now())
    told_upto = models.BigIntegerField(default=0, editable=False)  # the last response that got its disposition from it

    class Meta:
        verbose_name = _("row of the matrix")
        verbose_name_plural = _("response matrix")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "clause", "theme"], nulls_distinct=False, name="matrix_row_once"
            ),
            models.CheckConstraint(
                condition=~Q(decision="not_accepted") | ~Q(reason=""), name="matrix_row_no_without_reason"
            ),
            models.CheckConstraint(
                condition=~Q(decision="referred") | Q(referred_to__isnull=False), name="matrix_row_referred_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.summary}"[:120]


class Export(models.Model):
    """A file made by the worker: the matrix for everybody, or every response for officials. Made once, whoever dies meanwhile."""

    class What(models.TextChoices):
        MATRIX = "matrix", _("Response matrix")
        RESPONSES = "responses", _("Responses")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="exports")
    what = models.CharField(max_length=10, choices=What, default=What.MATRIX)
    format = models.CharField(max_length=4, choices=Format)
    language = models.CharField(max_length=5, default="en")
    done = models.PositiveIntegerField(default=0)  # rows written so far
    total = models.PositiveIntegerField(default=0)
    upto = models.BigIntegerField(default=0)  # the last response to a clause written: where the next worker goes on
    upto_whole = models.BigIntegerField(default=0)  # the same of responses to the whole
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes of the finished file

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "what", "format", "language"], name="export_once")
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.what}.{self.format}"


class ExportPart(models.Model):
    """Some thousand rows of an export, packed. What is written stays when the worker dies; gone once the file is made."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"


class ExportPiece(models.Model):
    """A piece of a finished file: saved from the disk and sent one after the other, so that no file is in memory whole."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_piece_once")]

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"
