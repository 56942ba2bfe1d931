"""What the worker does for consultations."""

from celery import shared_task

from consultations import matrix, scanning, steps
from consultations.exports import making


@shared_task
def answer_people() -> None:
    """Gives everybody the answer of a published matrix, and makes its files."""
    matrix.tell_all()
    making.make_due()


@shared_task
def announce_steps() -> None:
    steps.announce()


@shared_task
def scan_files() -> None:
    """Attachments that came while the scanner was away, or before there was one."""
    scanning.scan_what_waits()
