"""The worker says that it lives."""

from celery import shared_task

from mygov import health


@shared_task
def heartbeat() -> None:
    health.heartbeat()
