"""The worker's application. Jobs live in each app's `jobs.py`, since `tasks/` is a citizen's noun."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

from mygov.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mygov.settings")

app = Celery("mygov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(related_name="jobs")


@worker_ready.connect
def first_heartbeat(sender: Any, **kwargs: Any) -> None:
    """The portal is ready as soon as its worker is, not at the schedule's next round."""
    from mygov import health

    health.heartbeat()
