"""Tables and the demo's country, in one process: starting Django twice would cost a newcomer a second."""

import os

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mygov.settings")
    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("seed_demo", if_empty=True, skip_checks=True)
