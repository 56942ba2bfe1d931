"""`python -m tests.browser.serve PORT`: makes a database of its own, fills it, and serves the portal from it.

A process of its own, so that the browser meets the portal as people do, and the tests' own database stays empty.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from commons.people.models import User


def database(url: str, name: str) -> str:
    """Makes an empty database beside the given one; answers with its address."""
    import psycopg

    parts = urlsplit(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


def session_of(user: User) -> str:
    """The key of a session in which this person has just signed in; the journeys sign in by the form."""
    from allauth.account.internal.flows.login import record_authentication
    from django.conf import settings
    from django.test import Client, RequestFactory

    client = Client()
    client.force_login(user)
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def main(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.browser.settings"
    os.environ["MYGOV_SITE_URL"] = f"http://localhost:{port}"
    os.environ["DATABASE_URL"] = database(os.environ["DATABASE_URL"], f"browser_{port}")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from commons.people.models import User
    from tests.browser.world import World

    world = World()
    world.build()
    ids = {name: thing.pk for name, thing in vars(world).items() if hasattr(thing, "pk")}
    ids |= {"reference": world.first.contribution.reference, "hidden_path": f"/ideas/{world.hidden_idea.pk}/"}
    ids["sessions"] = {user.email.partition("@")[0]: session_of(user) for user in User.objects.exclude(email=None)}
    note = Path(os.environ["WORLD"])
    note.write_text(json.dumps(ids))
    names = ("DJANGO_SETTINGS_MODULE", "MYGOV_SITE_URL", "DATABASE_URL")
    note.with_suffix(".env").write_text(json.dumps({name: os.environ[name] for name in names}))
    from django.db import connection

    connection.close()
    os.execv(sys.executable, [  # noqa: S606 - the same process goes on as the web server
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "2", "--no-ws", "--log-level", "warning", "mygov.wsgi:application",
    ])  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
