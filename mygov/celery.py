"""The worker's application. Jobs live in each app's `jobs.py`, since `tasks/` is a citizen's noun."""

import os

from celery import Celery

from mygov.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mygov.settings")

app = Celery("mygov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(related_name="jobs")
