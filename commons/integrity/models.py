"""Votes that look as if few people had cast them as many. Nobody is kept from voting: a group of votes is proposed, looked at
by a person, taken out of the count while it is checked, and put back or left out; everybody sees how many.

Any kind of vote can be checked: its table takes the columns of `CheckedVote`, and its app says how its counts change
(`commons.integrity.kinds`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.activities.models import Activity
from commons.integrity.kinds import KINDS, VoteKind


class Standing(models.IntegerChoices):
    """Whether a vote is in the count."""

    COUNTED = 0
    CHECKED = 1
    LEFT_OUT = 2


class CheckedVote(models.Model):
    """What a table of votes needs so that its votes can be checked.

    `network` and `device` are keyed hashes of where a vote came from (`commons.integrity.traces`); they go after 30 days.
    """

    network = models.BigIntegerField(null=True)
    device = models.BigIntegerField(null=True)
    standing = models.SmallIntegerField(choices=Standing, default=Standing.COUNTED, db_default=Standing.COUNTED.value)

    class Meta:
        abstract = True

    @property
    def is_checked(self) -> bool:
        """Out of the count until somebody has decided."""
        return self.standing == Standing.CHECKED

    @property
    def is_left_out(self) -> bool:
        return self.standing == Standing.LEFT_OUT


class Cluster(models.Model):
    """Votes of one kind in one activity that have something suspicious in common. `signals` says what, in figures."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("To be looked at")
        ASIDE = "aside", _("Not counted while it is checked")
        RELEASED = "released", _("Counted again")
        LEFT_OUT = "left_out", _("Left out for good")
        DISMISSED = "dismissed", _("Nothing wrong with it")

    kind = models.CharField(max_length=20)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    # The network, device or pattern they share; empties with the traces.
    shared = models.CharField(max_length=40, blank=True)
    signals = models.JSONField()
    score = models.PositiveSmallIntegerField()
    people_count = models.PositiveIntegerField()
    vote_count = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    found_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("cluster of votes")
        verbose_name_plural = _("clusters of votes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(words="")),
                name="cluster_decided_by_somebody_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="cluster_state"),
            models.Index(fields=["kind", "activity", "shared"], condition=Q(state="proposed"), name="cluster_open"),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.vote_count}"

    @property
    def vote_kind(self) -> VoteKind:
        return KINDS[self.kind]


class Suspect(models.Model):
    """One vote of a cluster, by who cast it on what. `moved` while this cluster, and no other, keeps it out of the count."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="suspects")
    target = models.PositiveBigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    moved = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "target", "person"], name="suspect_once")]
        indexes = [models.Index(fields=["target", "person"], name="suspect_vote")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.target}"
