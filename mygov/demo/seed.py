"""Builds the demo's country in one transaction: all of it, or nothing.

The same every time but for the moments, which count back from now, the mixed order of comments, and reference
numbers, which nobody can guess: all chance is drawn while the story is planned, and no draw depends on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import translation

from commons.audit.events import waiting
from commons.audit.models import Event
from commons.comments import folding
from discussions import ideas
from mygov.demo import country as founding
from mygov.demo import decided, desk
from mygov.demo.country import Country
from mygov.demo.forum import plan_ideas
from mygov.demo.laws import plan_laws
from mygov.demo.past import Past, tables
from mygov.demo.plan import Plan
from mygov.demo.polls import plan_polls
from mygov.demo.scenes import Scene
from mygov.demo.surveys import SurveyScene
from mygov.moderation import learning, transparency
from mygov.moderation.models import ScreeningRule
from mygov.notifications import delivering, telling
from mygov.notifications.models import Delivery
from mygov.notifications.receivers import hurry
from polls import counting, sealing

SCENES = (
    "school-meals", "school-bags", "board-exams-twice", "evening-clinics", "district-mental-health",
    "vaccination-reminders", "village-water-tests", "river-ghats", "school-zones", "second-car-fee",
    "crop-loss-claims", "millets-at-the-ration-shop", "science-in-the-mother-tongue", "libraries-on-sundays",
)  # fmt: skip
SOLD_IN = ("school-bags", "school-zones", "village-water-tests", "river-ghats")  # where somebody advertises
FORUM = "open-forum"
SURVEYS = ("way-to-school", "visit-to-the-clinic", "bus-stop-near-you")
BEGAN = timedelta(days=120)


def build() -> None:
    """The whole country. Call it on an empty database."""
    # What is recorded of an act is in the language of whoever asks for the country, so that is always the same one.
    with nobody_hurries(), transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        past, rng = Past(), Random(2014)
        past.come_to(past.began - BEGAN)
        country = Country(past, rng)
        founding.found(country, past.now)
        call_command("import_census", verbosity=0, stdout=StringIO())
        past.stamp()
        plan = Plan(past, rng)
        sold_in = []
        for name in SCENES:
            scene = Scene(country, plan, name)
            if name in SOLD_IN:
                sold_in.append(scene)
            if name == "school-meals":
                desk.plan_what_waits(country, plan, scene)
        decided.plan_what_was_decided(country, plan, sold_in)
        plan_laws(country, plan)
        plan_ideas(Scene(country, plan, FORUM))
        plan_polls(country, plan)
        for name in SURVEYS:
            SurveyScene(country, plan, name)
        hear = {person.pk for person in country.cast.values()}
        by_the_clock = ScreeningRule.objects.filter(
            kind__in=[ScreeningRule.Kind.VELOCITY, ScreeningRule.Kind.DUPLICATES]
        )
        by_the_clock.update(enabled=False)  # to them everything in the country is of the last minute
        plan.play(lambda: tell(hear))
        by_the_clock.update(enabled=True)
        past.settle()
        desk.due_in_story()
        desk.votes_of_one_hand(country.citizens, country.cast["mod"])
        desk.ballots_of_one_hand(country.citizens, country.cast["mod"])
        decided.chance_again()
        learning.train_all()
        transparency.fold()
        analyse()
        folding.fold()
        ideas.fold()
        counting.fold()
        sealing.seal_closed()
        folding.refresh_trending()


def tell(hear: set[int]) -> None:
    """Those who can sign in hear of it within half a day of the story, in the portal and by mail.

    What the worker does, without its guards against other workers: nobody else is here, and an event that cannot be
    told must fail the whole country.
    """
    events = list(Event.objects.filter(told_at=None).order_by("id"))
    for event in events:
        telling.tell(event, only=hear)
    if events:
        Event.objects.filter(pk__in=[event.pk for event in events]).update(told_at=Now())
    if Delivery.objects.filter(state=Delivery.State.WAITING).exists():
        delivering.send_due()


def analyse() -> None:
    """Lets the planner know how much there is now; without it, joins of what was just written take minutes."""
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")


@contextmanager
def nobody_hurries() -> Iterator[None]:
    """The worker need not be called for what was told within the story."""
    waiting.disconnect(hurry)
    try:
        yield
    finally:
        waiting.connect(hurry)
