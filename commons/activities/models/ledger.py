"""The response ledger: every contribution has a line, and every line learns what became of it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commons.activities.models.activity import Activity
from commons.core.references import new_reference
from commons.directory.models import Institution, Region


class Contribution(models.Model):
    """The ledger's line for one comment, idea, submission …: who, when, how, where to see it, and its standing.

    Each kind's own row points here with a one-to-one, so "everything I said" is one query over one table.
    """

    class Channel(models.TextChoices):
        WEB = "web", _("Web")
        APP = "app", _("App")
        SMS = "sms", _("SMS")
        IVR = "ivr", _("Phone call")
        PAPER = "paper", _("Paper")
        IMPORT = "import", _("Imported")

    class Standing(models.TextChoices):
        """What became of it so far: the newest disposition, kept here for lists."""

        RECEIVED = "received", _("Received")
        READ = "read", pgettext_lazy("what became of it", "Read")
        ADOPTED = "adopted", _("Adopted")
        ADOPTED_IN_PART = "adopted_in_part", _("Adopted in part")
        UNDER_STUDY = "under_study", _("Under study")
        NOT_ADOPTED = "not_adopted", _("Not adopted")
        REFERRED = "referred", _("Referred")

    reference = models.CharField(_("reference number"), max_length=13, unique=True, default=new_reference)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="contributions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="contributions")
    kind = models.CharField(max_length=20)  # comment, idea …
    excerpt = models.CharField(max_length=200)
    path = models.CharField(max_length=200, blank=True)  # where it is shown, without a language prefix
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    external_id = models.CharField(max_length=60, blank=True, default="")  # its number on the platform it came from
    language = models.CharField(max_length=5)
    region = models.ForeignKey(Region, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    standing = models.CharField(_("what became of it"), max_length=20, choices=Standing, default=Standing.RECEIVED)
    standing_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = [
            models.Index(fields=["person", "-id"], name="contribution_mine"),
            models.Index(fields=["activity", "standing", "id"], name="contribution_standing"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "kind", "external_id"],
                condition=~Q(external_id=""),
                name="contribution_brought_in_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.excerpt}"


class Disposition(models.Model):
    """One answer to one contribution. Append-only: a changed mind is a new row."""

    class Reason(models.TextChoices):
        DUPLICATE = "duplicate", _("Already said elsewhere")
        OUT_OF_SCOPE = "out_of_scope", _("Outside what was asked")
        LAW = "law", _("Conflicts with a law")
        EVIDENCE = "evidence", _("Not enough evidence")
        POLICY = "policy", _("A policy choice, explained")
        COST = "cost", _("Cannot be paid for now")
        PROVIDED = "provided", _("Already provided")

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="dispositions")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="dispositions")
    standing = models.CharField(_("what became of it"), max_length=20, choices=Contribution.Standing)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    words = models.TextField(_("explanation"), blank=True, max_length=2000)
    link = models.URLField(_("decision, document or change"), blank=True)
    referred_to = models.ForeignKey(
        Institution, models.PROTECT, verbose_name=_("referred to"), null=True, blank=True, related_name="+"
    )
    due = models.DateField(_("answer by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["contribution", "-id"], name="disposition_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(standing="not_adopted") | (~Q(reason="") & ~Q(words="")),
                name="disposition_no_without_reason",
            ),
            models.CheckConstraint(
                condition=~Q(standing="under_study") | Q(due__isnull=False), name="disposition_study_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(standing="referred") | Q(referred_to__isnull=False), name="disposition_referred_somewhere"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_standing_display()}: {self.words[:60]}"
