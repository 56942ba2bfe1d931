"""What is asked for: pages, votes, comments; beside each the limit it is compared with, and what it must reach."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.drive import Target
from bench.house import House
from bench.pgbench import Pgbench, prepare
from commons.core import keyset

PROXY = {"X-Forwarded-Proto": "https"}
AUTHORS = range(1, 1001)  # they wrote what there is, and write more (bench/seed.py)
PEOPLE = range(1001, 2001)  # they read and vote
BYTES = "same bytes"
FILE = "people"  # in the bench's own directory: who is signed in, and what may be voted on


@dataclass
class Workload:
    """`sides` are driven in turn: the portal's first, then its limits by name. `must` is the least ratio by limit."""

    name: str
    sides: dict[str, Target | Pgbench]
    must: dict[str, float] = field(default_factory=dict)
    shows: tuple[bytes, ...] = ()  # what the page must contain


def workloads(house: House) -> list[Workload]:
    """All of them; a name asked for on the command line is the name of one or the beginning of several."""
    people(house)
    talk = "/discussions/five-hundred/"
    seen = (b"What should change first", b'<article class="comment')
    slugs = ["five-hundred", "million"] if house.million else ["five-hundred"]
    deep = {slug: f"/comments/of/{slug}/?order=newest&after={cursor(house, slug)}" for slug in slugs}
    last = f"/activities/?order=newest&after={last_page(house)}"
    asked, joined = (b"What should change first",), {"strings joined": "/page/1001"}
    permalink = house.count("SELECT max(id) FROM comments_comment WHERE depth = 1 AND activity_id = 1001")
    found = [
        page(house, "home", "/", {"strings joined": "/list"}, shows=asked),
        page(house, "list", "/activities/", {"strings joined": "/list", BYTES: ""}, must=0.3, shows=asked),
        page(house, "list-last", last, {"strings joined": "/list"}, must=0.3, shows=asked),
        page(house, "discussion", talk, {**joined, "20 rows joined": "/thread/1001", BYTES: ""}, must=0.3, shows=seen),
        page(house, "discussion-deep", deep["five-hundred"], joined, must=0.3, shows=seen),
        page(house, "permalink", f"/comments/{permalink}/", joined, shows=seen),
        page(house, "signed-in", talk, {**joined, BYTES: ""}, must=0.2, shows=seen, signed_in=True),
        page(house, "signed-in-deep", deep["five-hundred"], joined, must=0.2, shows=seen, signed_in=True),
    ]
    if house.million:
        flat = {"first": ("/discussions/million/", talk), "deep": (deep["million"], deep["five-hundred"])}
        found += [
            Workload(f"million-{name}", {"portal": Target(house.portal, big, PROXY), "at 500": Target(house.portal, small, PROXY)},
                     must={"at 500": 1 / 1.2}, shows=seen)
            for name, (big, small) in flat.items()
        ]  # fmt: skip
    file = str(house.home / FILE)
    found.append(Workload("vote", {
        "portal": Target(house.portal, "/", mode="vote", words=(f"{file}-portal",)),
        "bare vote": Target(house.limits, "/", mode="bare", words=(f"{file}-limits",)),
    }, must={"bare vote": 0.45}))  # fmt: skip
    found.append(Workload("comment", {
        "portal": Target(house.portal, "/", mode="comment", words=(f"{file}-authors", "/comments/of/topic-500/")),
        "bare vote": Target(house.limits, "/", mode="bare", words=(f"{file}-limits",), first=50_000_000),
    }))  # fmt: skip
    return [*found, *ballots(house)]


def ballots(house: House) -> list[Workload]:
    """One poll that everybody votes in, a thousand polls; and the results of a poll that has closed, small and large."""
    prepare(house)
    file = house.home / FILE
    who = [f"{person} {' '.join(cookie(person))}" for person in PEOPLE]
    (file.parent / f"{FILE}-hot").write_text("\n".join([*who, "comment poll-hot"]) + "\n")
    (file.parent / f"{FILE}-polls").write_text("\n".join([*who, *(f"comment poll-{n}" for n in range(1, 1001))]) + "\n")
    large, small = (f"/polls/poll-{name}/results/" for name in ("million", "thousand"))
    return [
        Workload("ballot-hot", {
            "portal": Target(house.portal, "/", mode="ballot", words=(f"{file}-hot",)), "pgbench": Pgbench(house, polls=1),
        }),
        Workload("ballot-1000", {
            "portal": Target(house.portal, "/", mode="ballot", words=(f"{file}-polls",)), "pgbench": Pgbench(house, polls=1000),
        }),
        Workload("results-million", {
            "portal": Target(house.portal, large, PROXY), "at 1,000": Target(house.portal, small, PROXY),
        }, must={"at 1,000": 1 / 1.2}, shows=(b"Option 3", b"10,00,000")),
    ]  # fmt: skip


def page(
    house: House, name: str, path: str, limits: dict[str, str], *, must: float = 0, shows: tuple[bytes, ...] = (),
    signed_in: bool = False,
) -> Workload:  # fmt: skip
    """A page beside its limits; the first has to be reached by `must`. BYTES is a bare view of the page's own bytes."""
    shown = Target(house.portal, path, PROXY)
    if signed_in:
        shown = Target(house.portal, path, mode="read", words=(str(house.home / f"{FILE}-portal"),))
    if BYTES in limits:
        kept = house.home / "bytes" / name
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(shown.fetch(signed_in_headers(PEOPLE[0]) if signed_in else None)[2])
        limits = {**limits, BYTES: f"/bytes/{name}"}
    beside = {limit: Target(house.limits, at) for limit, at in limits.items()}
    return Workload(name, {"portal": shown, **beside}, dict.fromkeys([*limits][:1], must) if must else {}, shows)


def cookie(person: int) -> tuple[str, str]:
    """The cookies of somebody who is signed in, and the token that goes with them."""
    token = f"token{person:027d}"
    return f"__Host-sessionid=bench{person:027d};__Host-csrftoken={token}", token


def signed_in_headers(person: int) -> dict[str, str]:
    return {"Cookie": cookie(person)[0], **PROXY}


def people(house: House) -> None:
    """Files of who acts, and on which comments. The sides share no comment, so each vote is a new row."""
    rows = house.ask(
        "SELECT c.id FROM comments_comment c JOIN activities_activity a ON a.id = c.activity_id"
        " WHERE a.id <= 1000 AND a.closes_at > now() ORDER BY c.id", database="bench",
    )  # fmt: skip
    for side, start, acting in (("portal", 0, PEOPLE), ("limits", 1, PEOPLE), ("authors", 0, AUTHORS)):
        who = [f"{person} {' '.join(cookie(person))}" for person in acting]
        what = [f"comment {row[0]}" for row in rows[start::2]]
        (house.home / f"{FILE}-{side}").write_text("\n".join([*who, *what]) + "\n")


def cursor(house: House, slug: str) -> str:
    """A page in the middle of a discussion, the newest first."""
    middle = house.count(
        "SELECT (min(c.id) + max(c.id)) / 2 FROM comments_comment c JOIN activities_activity a ON a.id = c.activity_id"
        " WHERE a.slug = %s", slug,
    )  # fmt: skip
    return keyset.encode([middle, middle])


def last_page(house: House) -> str:
    """The cursor that leaves the 24 activities that opened first."""
    at, row = house.ask(
        "SELECT opens_at, id FROM activities_activity ORDER BY opens_at, id OFFSET 24 LIMIT 1", database="bench"
    )[0]
    return keyset.encode([at, row])
