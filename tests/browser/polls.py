"""Polls of every kind and in every state, for the browser's small country."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from commons.activities import lifecycle
from commons.directory.models import Region
from commons.integrity import checking, finding
from commons.integrity.traces import NO_TRACE, Trace
from mygov.demo.polls import drawn
from polls import counting, guests, options, sealing, standing, voting
from polls.models import Option, Picture, Poll
from polls.pictures import remake
from tests.browser.texts import both
from tests.cast import person

if TYPE_CHECKING:
    from tests.browser.world import World

WORDS = [
    ("A library", "एक पुस्तकालय"),
    ("A playground with shade for the hot months", "गर्मियों के लिए छायादार खेल का मैदान"),
    ("A workshop", "एक कार्यशाला"),
]


def build(world: World) -> None:
    one = made(world, "single", allows_none=True)
    for place, voter in enumerate([world.bilal, *world.crowd, world.naya]):
        vote(one, voter, {place % 3 + 1: 1})
    vote(one, world.kiran, {2: 1})
    for method, fields in (
        ("multiple", {"most": 2}), ("ranked", {}), ("score", {}), ("dots", {}), ("yes_no", {}), ("pictures", {}),
        ("budget", {"budget": 100, "unit": both("lakh rupees", "लाख रुपये")}),
    ):  # fmt: skip
        made(world, method, **fields)
    closed = made(world, "ranked", "poll-closed", shown="after_close")
    for voter in [world.asha, world.bilal, *world.crowd]:
        vote(closed, voter, {1: 2, 3: 1})
    world.back(closed, closes_at=world.now - timedelta(days=2))
    groups = made(world, "single", "poll-groups", shown="after_close")
    other = Region.objects.create(level="state", lgd_code=29, name=both("Karnataka", "कर्नाटक"))
    for number in range(26):  # enough people in two states, too few in one of the years
        fields = {"state": (world.kerala, other)[number % 2], "gender": "f", "born": "1988" if number < 20 else "1973"}
        vote(groups, person(f"voter{number}", **fields), {number % 3 + 1: 1})
    world.back(groups, closes_at=world.now - timedelta(days=2))
    checked(world)
    sealing.seal_closed()
    shared = made(world, "single", "poll-guests", shown="always", guests=True)
    for voter in [world.asha, *world.crowd]:
        vote(shared, voter, {1: 1})
    for number in range(12):
        guests.vote(shared, list(shared.options.all()), f"browser {number}", {number % 3 + 1: 1})
    void = made(world, "single", "poll-void")
    lifecycle.withdraw(void, world.arjun, "One option was missing: we ask again.")
    made(world, "single", "poll-verified", min_level=2)
    draft = made(world, "budget", "poll-draft", publish=False, budget=100)
    world.poll, world.poll_draft = one, draft
    counting.fold()


def checked(world: World) -> None:
    """Ballots of one browser: nobody has looked at them, they are set aside, and the count has ended without them."""
    voters = [world.bilal, world.naya, *world.crowd]
    hands = [world.ravi, *(person(f"ballot-hand{number}") for number in range(11))]
    for slug in ("poll-found", "poll-aside", "poll-left-out"):
        poll = made(world, "single", slug, shown="always")
        for place, voter in enumerate(voters):
            vote(poll, voter, {place % 3 + 1: 1})
        for hand in hands:
            vote(poll, hand, {2: 1}, Trace(network=1, device=1))
    counting.fold()
    found = sorted(finding.find(standing.KIND), key=lambda cluster: cluster.activity_id)
    world.ballots, world.ballots_aside, world.ballots_out = found
    for cluster, steps in ((world.ballots_aside, ["aside"]), (world.ballots_out, ["aside", "left_out"])):
        for seen, to in zip(["proposed", *steps], steps, strict=False):
            checking.decide(cluster, world.mod, to, seen=seen, words="Twelve votes in one browser.")
    world.back(world.ballots_out.activity, closes_at=world.now - timedelta(days=2))


def made(world: World, method: str, slug: str = "", *, publish: bool = True, **fields: Any) -> Poll:
    """Written by meera, submitted, approved by arjun."""
    poll = Poll(
        institution=world.education, slug=slug or f"poll-{method}", method=method,
        title=both("What should the school build next?", "विद्यालय आगे क्या बनाए?"),
        summary=both("There is room for one thing.", "एक ही चीज़ की जगह है।"),
        promise=both("We build what most of you choose.", "जिसे सबसे अधिक लोग चुनेंगे, वही बनेगा।"),
        promise_by=world.now + timedelta(days=90), closes_at=world.now + timedelta(days=12, hours=5), **fields,
    )  # fmt: skip
    lifecycle.write(poll, world.meera)
    if method != "yes_no":
        rows = [Option(label=both(*words), cost=40 + 7 * place, about=both("", ""), alt=both("A sign", "एक निशान"))
                for place, words in enumerate(WORDS)]  # fmt: skip
        options.write(poll, rows, [], world.meera)
        for option, what in zip(rows, ("drop", "glass", "tick"), strict=True):
            if method == "pictures":
                file = drawn(what)
                picture = remake(file, len(file.getvalue()))
                Picture.objects.create(option=option, webp=picture.webp, width=picture.width, height=picture.height)
    options.complete(poll)
    if publish:
        lifecycle.submit_for_review(poll, world.meera)
        lifecycle.publish(poll, world.arjun)
    return Poll.objects.get(pk=poll.pk)


def vote(poll: Poll, voter: Any, values: dict[int, int], trace: Trace = NO_TRACE) -> None:
    voting.vote(poll, list(poll.options.all()), voter, values, trace=trace)
