"""What the worker does for moderators."""

from celery import shared_task

from mygov.moderation import bulk, learning, transparency
from mygov.moderation.models import BulkDecision


@shared_task
def train_filters() -> int:
    return len(learning.train_all())


@shared_task
def go_on_with_bulk() -> None:
    """What was confirmed, and what a killed worker left."""
    for pk in BulkDecision.objects.to_work_on().order_by("id").values_list("pk", flat=True)[:20]:
        bulk.work(pk)


@shared_task
def drop_old_drafts() -> None:
    bulk.drop_old_drafts()


@shared_task
def fold_figures() -> None:
    """For the public page; once an hour."""
    transparency.fold()
