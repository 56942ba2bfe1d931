"""What follows from the ballots: counts by group, and the chain of commitments."""

import pgtrigger
from django.db import models

from polls.models.poll import Poll


class Count(models.Model):
    """How many ballots of a group ("all", "guest", "state:27" …) give an option this value.

    Every tally of every kind is worked out from these few rows, however many ballots there are. Number 0 stands for
    no option: value 0 counts the group's ballots, value 1 those that chose “none of these”. Of the groups "aside" and
    "left_out", which are in no other group, only the number of ballots is kept.
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="counts")
    segment = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "segment", "number", "value"], name="count_once")]

    def __str__(self) -> str:
        return f"{self.segment} {self.number}={self.value}: {self.n}"


class Link(models.Model):
    """One link of a poll's chain. `head` covers the commitment and every link before (docs/decisions/0013).

    Links of one second stand in the order of their commitments, which says nothing about who was first.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="links")
    place = models.PositiveIntegerField()
    commitment = models.CharField(max_length=64)
    is_change = models.BooleanField(default=False)
    head = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "place"], name="link_place_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.place} {self.head}"
