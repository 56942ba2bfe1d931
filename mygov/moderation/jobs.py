"""What the worker does for moderators."""

from celery import shared_task

from mygov.moderation import learning


@shared_task
def train_filters() -> int:
    return len(learning.train_all())
