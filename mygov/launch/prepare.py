"""Tables and the demo's country, in one process: starting Django twice would cost a newcomer a second."""

import gc
import os

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mygov.settings")
    # Migrations build the same models over and over: looking for garbage among them takes a third of the time.
    gc.set_threshold(100_000, 50, 1000)
    django.setup()
    from mygov.launch import head_start

    if head_start.fits():
        head_start.load()
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("seed_demo", if_empty=True, skip_checks=True)
