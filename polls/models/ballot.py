"""Ballots: one row a person decides; what was cast before stays as history.

A ballot is written by one statement (polls/voting.py). Counters and the chain follow within a second: each cast waits
in `Waiting` until `polls.jobs.fold_ballots` has added it up.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.integrity.models import CheckedVote, Standing
from polls.models.poll import Poll

SEALED = """
IF EXISTS (SELECT FROM polls_poll p WHERE p.activity_ptr_id = NEW.poll_id AND p.sealed_at IS NOT NULL) THEN
  RAISE EXCEPTION 'the count of this poll is published: no ballot is added or changed' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Ballot(CheckedVote):
    """What one voter has chosen, as it counts now. `choice` is written as polls/choices.py says.

    `receipt` names it in the published list. `secret` is known to the voter alone, besides this row: with it a voter
    finds the ballot in the chain, and nobody else can. `traits` are the groups it is counted in while its `standing` is
    COUNTED; where it came from and whether it counts are for commons.integrity, which never reads the choice.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="ballots")
    guest = models.CharField(max_length=64, null=True)
    receipt = models.CharField(max_length=19)
    secret = models.CharField(max_length=32)
    choice = models.CharField(max_length=200, blank=True)
    order = models.CharField(max_length=60, blank=True)  # in which the options stood on the voter's page
    traits = models.CharField(max_length=160)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(fields=["poll", "voter"], name="ballot_once"),
            models.UniqueConstraint(fields=["poll", "guest"], name="ballot_of_a_guest_once"),
            models.UniqueConstraint(fields=["poll", "receipt"], name="ballot_receipt_once"),
            models.CheckConstraint(condition=Q(voter=None) | Q(guest=None), name="ballot_of_person_or_guest"),
        ]
        indexes = [
            BrinIndex(fields=["at"], name="ballot_at"),
            models.Index(fields=["poll"], condition=~Q(standing=Standing.COUNTED), name="ballot_out_of_count"),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="sealed", operation=pgtrigger.Insert | pgtrigger.UpdateOf("choice", "secret", "receipt", "standing"),
                when=pgtrigger.Before, func=SEALED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.receipt


class Cast(models.Model):
    """One casting of a ballot, the first or a change. Append-only: this is the history, and what is counted.

    `before` is what it replaces; null for the first. `commitment` is the SHA-256 that stands in the chain. `standing` is
    the ballot's at that moment: what is cast while the ballot is out of the count is chained and not counted.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="casts")
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="casts")
    choice = models.CharField(max_length=200, blank=True)
    traits = models.CharField(max_length=160)
    before = models.CharField(max_length=200, null=True)
    before_traits = models.CharField(max_length=160, null=True)
    secret = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    standing = models.SmallIntegerField(default=Standing.COUNTED, db_default=Standing.COUNTED.value)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.commitment


class Waiting(models.Model):
    """A cast that is not in the counts and the chain yet."""

    cast = models.OneToOneField(Cast, models.CASCADE, primary_key=True, db_constraint=False)

    def __str__(self) -> str:
        return str(self.cast_id)
