"""The worker's application. Jobs live in each app's `jobs.py`, since `tasks/` is a citizen's noun."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready
from django.core.exceptions import ImproperlyConfigured

from mygov.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mygov.settings")

app = Celery("mygov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(related_name="jobs")


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(sender: Any, **kwargs: Any) -> None:
    """As the web server does (mygov/wsgi.py). Celery logs what a listener raises and goes on, except an exit."""
    from mygov import checks

    try:
        checks.refuse_unsafe_start()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@worker_ready.connect
def first_heartbeat(sender: Any, **kwargs: Any) -> None:
    """The portal is ready as soon as its worker is, not at the schedule's next round."""
    from mygov import health

    health.heartbeat()
