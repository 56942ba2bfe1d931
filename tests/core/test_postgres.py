"""Statements planned once; a server that went away is noticed without asking it."""

import time

import pytest
from django.db import connection, connections


@pytest.mark.django_db(transaction=True)
def test_a_connection_the_server_ended_is_replaced_at_the_next_request(client):
    connection.ensure_connection()
    assert connection.is_usable()
    other = connections.create_connection("default")
    try:
        with connection.cursor() as mine, other.cursor() as asking:
            mine.execute("SELECT pg_backend_pid()")
            asking.execute("SELECT pg_terminate_backend(%s)", [mine.fetchone()[0]])
        until = time.monotonic() + 5
        while connection.is_usable() and time.monotonic() < until:
            time.sleep(0.01)
        assert not connection.is_usable()
    finally:
        other.close()
    connection.close_if_unusable_or_obsolete()
    connection.health_check_enabled, connection.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_notice_does_not_look_like_the_end(db):
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")
    assert connection.is_usable()
