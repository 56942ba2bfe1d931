"""The demo's country, built once for all tests of a file."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

OUTBOX = {"default": {"BACKEND": "mygov.demo.outbox.OutboxMailBackend"}}


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Built within a transaction that is rolled back after the last test of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MAILERS=OUTBOX):
            call_command("seed_demo", verbosity=0)
        yield
        transaction.set_rollback(True)
