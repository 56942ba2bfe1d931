"""Attachments and the virus scanner: at once when one is sent, later when the scanner was away. Without a verdict nobody gets the file."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.audit.events import happened
from commons.audit.record import record
from commons.core import clamd
from consultations.models import SubmissionFile

if TYPE_CHECKING:
    from consultations.attachments import Cleaned

log = logging.getLogger(__name__)
AT_ONCE = 5  # seconds that somebody waits who sends a file
LATER = 60  # seconds for the same in the worker
AGAIN = timedelta(minutes=1)
MOST_A_ROUND = 100


def scan(file: Cleaned) -> Cleaned:
    """The same file, marked if it was found clean. Raises ValidationError when something was found; a scanner that is away decides nothing.

    What is scanned is what is kept and handed out: the cleaned file.
    """
    if not settings.SCANNER:
        return file
    try:
        found = clamd.found_in(file.data, patience=AT_ONCE)
    except clamd.Away as away:
        log.warning("an attachment waits for the scanner: %s", away)
        return file
    if found:
        log.warning("an attachment was refused: %s", found)
        words = _(
            "The virus scanner found harmful software in this file. Make a new PDF from your text, and attach that."
        )
        raise ValidationError(words, code="infected")
    return replace(file, scanned=True)


def scan_what_waits() -> int:
    """Takes each file that has no verdict yet to the scanner, until one gets none. Returns how many got theirs."""
    done = 0
    while settings.SCANNER and done < MOST_A_ROUND and (file := next_one()):
        try:
            found = clamd.found_in(bytes(file.data), patience=LATER)
        except clamd.Away as away:
            log.warning("attachment %s still waits: %s", file.pk, away)
            break
        if found:
            refuse(file, found)
        else:
            SubmissionFile.objects.filter(pk=file.pk).update(scanned_at=Now())
        done += 1
    return done


@transaction.atomic
def next_one() -> SubmissionFile | None:
    """The one that waits longest, for this worker alone for a minute. One that never gets a verdict lets the others go first."""
    due = Q(tried_at=None) | Q(tried_at__lt=Now() - AGAIN)
    rows = SubmissionFile.objects.not_scanned().filter(due).order_by(F("tried_at").asc(nulls_first=True), "pk")
    file = rows.select_for_update(skip_locked=True).first()
    if file is not None:
        SubmissionFile.objects.filter(pk=file.pk).update(tried_at=Now())
    return file


@transaction.atomic
def refuse(file: SubmissionFile, found: str) -> None:
    """Throws the file away and tells its author; the text of the response stays. Twice is once, and so is one replaced meanwhile."""
    if SubmissionFile.objects.not_scanned().filter(pk=file.pk).update(refused_at=Now(), data=b"", size=0):
        record("attachment.refuse", file, by=None, words=found, activity_id=file.submission.activity_id)
        happened("attachment refused", file.pk)
