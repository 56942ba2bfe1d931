"""The polls of the demo: every kind, open and closed, voted in by the crowd through the public verbs."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from commons.activities.models import Activity
from commons.people.models import User
from mygov.demo import texts
from mygov.demo.country import Country
from mygov.demo.plan import Plan
from mygov.demo.scenes import Scene
from polls import guests, options, voting
from polls.models import Option, Picture, Poll
from polls.pictures import remake

FIELDS = ("method", "most", "ranking", "budget", "allows_none", "shuffles", "guests", "shown")
Method = Poll.Method
GUESTS = 14


def plan_polls(country: Country, plan: Plan) -> None:
    for facts in texts.facts("polls")["poll"]:
        PollScene(country, plan, facts["slug"], facts)


class PollScene(Scene):
    """One poll, from its draft to its count."""

    def tell(self, name: str) -> None:
        super().tell(name)
        voters = self.plan.rng.sample(self.country.citizens, self.facts["ballots"])
        last = min(self.closes or self.plan.newest, self.plan.newest)
        if "withdrawn" in self.facts:
            last = self.plan.day(self.facts["withdrawn"]["at"])
        span = (last - self.opened) * 0.97
        for group in range(0, len(voters), 10):  # some at a time: most in the first days
            moment = self.opened + timedelta(minutes=30) + span * self.plan.rng.random() ** 1.7
            ballots = [
                (person, choose(self.plan.rng, self.facts), self.plan.rng.sample(range(1, 9), 8))
                for person in voters[group : group + 10]
            ]
            self.plan.at(moment, partial(self.vote, ballots), tracked=False)
        if "guests" in self.facts:
            self.plan.at(self.opened + span / 2, self.vote_as_guests, tracked=False)

    def blank(self, **shared: Any) -> Activity:
        facts = self.facts
        unit = {"unit": texts.both(facts["unit"])} if "unit" in facts else {}
        return Poll(**shared, **unit, **{name: facts[name] for name in FIELDS if name in facts})

    def write(self) -> None:
        super().write()
        poll, facts = self.now, self.facts
        nothing = ["", ""]
        rows = [
            Option(
                label=texts.both(words), cost=facts["costs"][place] if "costs" in facts else None,
                alt=texts.both(facts["alts"][place] if "alts" in facts else nothing), about=texts.both(nothing),
            )
            for place, words in enumerate(facts.get("options", []))
        ]  # fmt: skip
        options.write(poll, rows, [], self.author)
        options.complete(poll)
        for option, drawing in zip(rows, facts.get("pictures", []), strict=False):
            file = drawn(drawing)
            made = remake(file, len(file.getvalue()))
            Picture.objects.create(option=option, webp=made.webp, width=made.width, height=made.height)

    def vote(self, ballots: list[tuple[User, dict[int, int], list[int]]]) -> None:
        poll = self.now
        offered = list(poll.options.all())
        for person, values, order in ballots:
            shown = [number for number in order if number <= len(offered)]
            voting.vote(poll, offered, person, values, order=",".join(map(str, shown)))

    def vote_as_guests(self) -> None:
        """Some people at a library's computer, and others who have no account yet."""
        poll = self.now
        offered = list(poll.options.all())
        for number in range(GUESTS):
            guests.vote(poll, offered, f"browser {number}", choose(self.plan.rng, self.facts))


def choose(rng: Random, facts: dict[str, Any]) -> dict[int, int]:
    """What one of the crowd chooses, by the weights of the options."""
    weights = facts["weights"]
    numbers = list(range(1, len(weights) + 1))
    liked = sorted(numbers, key=lambda number: -weights[number - 1] * rng.random() ** 1.5)
    some = 1 + rng.randrange(len(numbers))  # drawn for every way of voting, so that adding one changes no other
    none = rng.random() < 0.05
    if none and facts.get("allows_none"):
        return {}
    match Method(facts["method"]):
        case Method.MULTIPLE:
            return dict.fromkeys(liked[: min(some, facts["most"])], 1)
        case Method.RANKED:
            return {number: place for place, number in enumerate(liked[: max(some, 2)], start=1)}
        case Method.SCORE:
            return {n: max(0, min(5, round(rng.gauss(weights[n - 1], 1.2)))) for n in liked[: max(some, 2)]}
        case Method.DOTS:
            dots = rng.choices(liked[:3], [5, 2, 1], k=facts["most"])
            return {number: dots.count(number) for number in set(dots)}
        case Method.BUDGET:
            return within(liked, facts["costs"], facts["budget"])
    return {liked[0]: 1}


def within(liked: list[int], costs: list[int], budget: int) -> dict[int, int]:
    chosen = {}
    for number in liked:
        if costs[number - 1] <= budget:
            budget -= costs[number - 1]
            chosen[number] = 1
    return chosen


def drawn(what: str) -> BytesIO:
    """A sign, drawn with a few shapes."""
    blue, green, white = (43, 110, 180), (18, 96, 58), (255, 255, 255)
    picture = Image.new("RGB", (480, 360), white)
    pen = ImageDraw.Draw(picture)
    if what == "drop":
        pen.polygon([(240, 40), (165, 200), (315, 200)], fill=blue)
        pen.ellipse((150, 140, 330, 320), fill=blue)
    elif what == "glass":
        pen.polygon([(150, 140), (330, 140), (310, 320), (170, 320)], fill=blue)
        pen.line([(140, 50), (170, 322), (310, 322), (340, 50)], fill=(26, 27, 51), width=12, joint="curve")
    else:
        pen.ellipse((110, 50, 370, 310), outline=green, width=16)
        pen.line([(175, 185), (225, 240), (310, 125)], fill=green, width=22, joint="curve")
    file = BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file
