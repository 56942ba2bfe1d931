"""Votes on comments: a row per person decides; counters follow within a second.

A counter that every vote updates is one hot row. So a vote writes its row and a difference (`Tally`), and
`commons.comments.jobs.fold_tallies` adds the differences up once a second.
"""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.comments.models.comment import Comment
from commons.integrity.models import CheckedVote


class CommentVote(CheckedVote):
    """One person's vote on one comment: +1 or −1. Taking it back deletes the row."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comment_votes")
    value = models.SmallIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="vote_once"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="vote_up_or_down"),
        ]
        indexes = [BrinIndex(fields=["at"], name="vote_at")]

    def __str__(self) -> str:
        return f"{self.value:+d}"


class Tally(models.Model):
    """A difference not yet folded into a comment's counters."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="tallies", db_constraint=False)
    up = models.SmallIntegerField(default=0)
    down = models.SmallIntegerField(default=0)
    aside = models.SmallIntegerField(default=0, db_default=0)
    left_out = models.SmallIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.up:+d} {self.down:+d}"
