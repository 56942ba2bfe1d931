"""The worker's application with the schedule as it is, only quicker, or without the sweep (the negative control)."""

import os

from mygov.celery import app

SWEEP = "send what is waiting"
schedule = {name: {**entry, "schedule": min(entry["schedule"], 2)} for name, entry in app.conf.beat_schedule.items()}
if os.environ.get("FAULTS_NO_SWEEP"):
    del schedule[SWEEP]
app.conf.beat_schedule = schedule
