"""What is attached to a response, and whether it may be handed out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.models.response import Submission


class FileQuerySet(models.QuerySet["SubmissionFile"]):
    def passed(self) -> FileQuerySet:
        """What may be handed out: not refused, and looked at by the scanner if there is one."""
        kept = self.filter(refused_at=None)
        return kept.exclude(scanned_at=None) if settings.SCANNER else kept

    def not_scanned(self) -> FileQuerySet:
        """What came while the scanner was away, or before there was one."""
        return self.filter(scanned_at=None, refused_at=None)


class SubmissionFile(models.Model):
    """The cleaned attachment of a response. In the database: it is saved, backed up and lost together with its response.

    Of one that was refused nothing is kept but its name, by which its author is told.
    """

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="file")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    data = models.BinaryField()
    scanned_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)  # when a worker last took it to the scanner

    objects = FileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(size=0, data=b""), name="submission_file_refused_keeps_nothing"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tried_at"], condition=Q(scanned_at=None, refused_at=None), name="submission_file_not_scanned"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def waits(self) -> bool:
        """Nobody may have it until the scanner has looked at it."""
        return bool(settings.SCANNER) and self.scanned_at is None and self.refused_at is None
