"""What moderators decided in past months: reports that were wrong, advertisements that were hidden, second opinions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from django.utils import translation

from commons.comments import writing
from commons.comments.models import Comment
from mygov.demo.desk import report
from mygov.demo.texts import language_of
from mygov.moderation import second_reviews
from mygov.moderation.deciding import decide
from mygov.moderation.models import Case, Decision, ReviewShare, SecondReview
from mygov.moderation.models.review_share import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from commons.people.models import User
    from mygov.demo.country import Country
    from mygov.demo.plan import Plan
    from mygov.demo.scenes import Scene

What, Opinion = Decision.What, SecondReview.Opinion
LEFT = 40  # comments that somebody reported wrongly
REASONS = ("off_topic", "offence", "duplicate", "off_topic", "spam")
ADVERTISEMENTS = (
    "Loans without papers for teachers, money in one day, call my office in the evening.",
    "Cheap school uniforms and belts, order from our shop, twenty per cent off this week.",
    "Coaching for every entrance test, first week free, we have branches in nine towns.",
    "Best rice and oil at wholesale price for your kitchen, order by message.",
    "I sell water filters for homes and schools, free demonstration at your door.",
    "Earn from your phone every evening, no work needed, message me for the scheme.",
    "बिना काग़ज़ के कर्ज़, एक दिन में पैसा, शाम को हमारे दफ़्तर में आइए।",
    "सस्ती स्कूल ड्रेस और जूते, इस हफ़्ते भारी छूट, हमारी दुकान पर आइए।",
    "हर परीक्षा की कोचिंग, पहला हफ़्ता मुफ़्त, नौ शहरों में शाखाएँ।",
    "घर के लिए पानी का फ़िल्टर बेचता हूँ, दरवाज़े पर मुफ़्त दिखाऊँगा।",
)
BY_ADMIN, LOOKED_AT = 4, 3  # every fourth is an administrator's, every third was drawn
FIRST_DAY, LAST_DAY = -100, -12  # what is younger still waits
OTHERWISE, UNSURE, OPEN = {9}, {21}, {36, 39, 48}  # of those looked at, by number; the open ones wait for a moderator


def plan_what_was_decided(country: Country, plan: Plan, scenes: list[Scene]) -> None:
    """Spread over the months. Draws from its own chance, so that the rest of the country stays as it is."""
    rng = Random(1947)
    ReviewShare.objects.update(per_cent=0)  # else the database would draw others every time
    acts = [partial(wrongly_reported, country, rng, REASONS[n % len(REASONS)]) for n in range(LEFT)]
    days = [FIRST_DAY + (LAST_DAY - FIRST_DAY) * (n + rng.random()) / LEFT for n in range(LEFT)]
    planned = [(plan.day(day), act) for day, act in zip(days, acts, strict=True)]
    for n, text in enumerate(ADVERTISEMENTS):
        scene = scenes[n % len(scenes)]
        last = min(scene.closes or plan.newest, plan.day(LAST_DAY))
        moment = scene.opened + (last - scene.opened) * rng.uniform(0.3, 0.9)
        planned.append((moment, partial(advertised, country, rng, scene, text)))
    for number, (moment, act) in enumerate(sorted(planned, key=lambda pair: pair[0])):
        plan_one(country, plan, rng, number, moment, act)


def plan_one(
    country: Country, plan: Plan, rng: Random, number: int, moment: datetime, act: Callable[[], tuple[Comment, str]]
) -> None:
    """Something comes before a moderator, is decided some hours later, and perhaps looked at by a second one."""
    made: list[tuple[Comment, str]] = []
    by, other = ("admin", "mod") if number % BY_ADMIN == 0 else ("mod", "admin")
    decided = moment + timedelta(hours=rng.uniform(0.5, 20))
    drawn = number % LOOKED_AT == 0
    plan.at(moment, lambda: made.append(act()), tracked=False)
    plan.at(decided, lambda: settle(*made[0], country.cast[by], drawn=drawn), tracked=False)
    if drawn and number not in OPEN:
        looks = partial(look_again, country.cast[other], number)
        plan.at(decided + timedelta(hours=rng.uniform(20, 60)), lambda: looks(made[0][0]), tracked=False)


def wrongly_reported(country: Country, rng: Random, reason: str) -> tuple[Comment, str]:
    """Somebody reports a comment that breaks no rule."""
    free = Comment.objects.visible().filter(case=None, as_institution=None).exclude(author=None).order_by("pk")
    comment = rng.choice(list(free[:150]))
    report(comment, [rng.choice([person for person in country.citizens if person.pk != comment.author_id])], reason)
    return comment, ""


def advertised(country: Country, rng: Random, scene: Scene, text: str) -> tuple[Comment, str]:
    """Somebody sells something, and two people report it."""
    language = language_of(text)
    author = next(p for p in reversed(country.crowd[language]) if not p.comments.exists())
    with translation.override(language):
        comment = writing.write(scene.discussion, author, text)
    report(comment, rng.sample([person for person in country.citizens if person.pk != author.pk], 2), "spam")
    return comment, "spam"


def settle(comment: Comment, reason: str, by: User, *, drawn: bool) -> None:
    """The decision; drawn by the story, where elsewhere chance draws."""
    ReviewShare.objects.update(per_cent=100 if drawn else 0)
    case = Case.objects.get(comment=comment)
    decide(case, by, What.HIDE if reason else What.APPROVE, seen=case.turn, reason=reason)
    ReviewShare.objects.update(per_cent=0)


def look_again(by: User, number: int, comment: Comment) -> None:
    """The second moderator comes to the same, but for once; and once cannot say."""
    review = SecondReview.objects.select_related("decision").get(decision__case__comment=comment)
    same, other = Opinion.SHOW, Opinion.HIDE
    if review.decision.what == What.HIDE:
        same, other = other, same
    opinion = Opinion.UNSURE if number in UNSURE else other if number in OTHERWISE else same
    second_reviews.give(review, by, opinion)


def chance_again() -> None:
    """From now on chance draws."""
    ReviewShare.objects.update(per_cent=FIRST)
