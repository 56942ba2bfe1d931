"""Builds the demo's country in one transaction: all of it, or nothing.

The same every time but for the moments, which count back from now, and reference numbers, which nobody can guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from django.db import connection, transaction

from commons.activities import lifecycle
from commons.audit.events import waiting
from commons.comments import folding
from discussions import ideas
from mygov.demo import country as founding
from mygov.demo.country import Country
from mygov.demo.past import Past
from mygov.demo.plan import Plan
from mygov.demo.scenes import Scene
from mygov.notifications import telling
from mygov.notifications.receivers import hurry

SCENES = ("school-meals",)
BEGAN = timedelta(days=120)


def build() -> None:
    """The whole country. Call it on an empty database."""
    with nobody_hurries(), transaction.atomic():
        past, rng = Past(), Random(2014)
        with connection.cursor() as cursor:
            cursor.execute("SELECT setseed(0.2014)")  # the mixed order of comments is drawn by the database
        past.come_to(past.began - BEGAN)
        country = Country(past, rng)
        founding.found(country, past.now)
        plan = Plan(past, rng)
        for name in SCENES:
            Scene(country, plan, name)
        plan.play(after_each=tell)
        folding.fold()
        ideas.fold()
        past.settle()
        folding.refresh_trending()


def tell() -> None:
    """Whoever has to hear of it hears of it at that moment of the story, also by mail."""
    lifecycle.announce_phases()
    telling.expand()
    telling.send_due()


@contextmanager
def nobody_hurries() -> Iterator[None]:
    """The worker need not be called for what was told within the story."""
    waiting.disconnect(hurry)
    try:
        yield
    finally:
        waiting.connect(hurry)
