"""The end of a count in which ballots are checked: it waits for moderators, not for ever; the list shows what was left out."""

from datetime import timedelta
from hashlib import sha256

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.utils import timezone

from commons.activities import counters
from commons.audit.models import Entry
from commons.integrity import checking, finding
from commons.integrity.models import Cluster
from polls import auditing, guests, sealing, standing
from polls.models import Ballot
from tests.polls.conftest import cast, counted, set_window, stuff
from tests.polls.test_verifying import download, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def voted(make_poll, people):
    """Twelve ballots of one hand for the first option, three for the second, one guest."""

    def make(method="single", **fields):
        poll = make_poll(method, guests=True, **fields)
        stuff(poll, people(12), o1=1)
        for person in people(3):
            cast(poll, person, o2=1)
        guests.vote(poll, list(poll.options.all()), "a browser", {3: 1})
        counted(poll)
        return poll

    return make


def close(poll, ago="-1 minute"):
    set_window(poll, "-9 days", ago)


def step(to, by, seen="proposed"):
    cluster = Cluster.objects.get()
    return checking.decide(cluster, by, to, seen=seen, words="One hand.")


def sealed(poll):
    done = sealing.seal_closed()
    poll.refresh_from_db()
    assert poll.is_counted is bool(done)
    return bool(done)


# -- when ----------------------------------------------------------------------------------------


def test_what_comes_in_the_last_minute_is_looked_through_before_the_count_ends(voted):
    poll = voted()
    close(poll)
    assert not sealed(poll)
    assert Cluster.objects.get().state == "proposed"


def test_it_waits_while_somebody_still_has_to_decide_and_no_longer(voted, mod):
    poll = voted()
    close(poll)
    assert not sealed(poll)
    step("aside", mod)
    assert not sealed(poll)
    step("left_out", mod, "aside")
    assert sealed(poll)


@pytest.mark.parametrize("steps", [["dismissed"], ["aside", "released"]])
def test_what_is_found_right_ends_it_as_if_nothing_had_been(voted, mod, steps):
    poll = voted()
    close(poll)
    assert not sealed(poll)
    for seen, to in zip(["proposed", *steps], steps, strict=False):
        step(to, mod, seen)
    assert sealed(poll)
    assert download(poll)["format"] == "mygov-ballots-1"
    assert download(poll)["result"]["people"]["options"] == {"1": "12", "2": "3", "3": "0"}


def test_meanwhile_the_page_says_that_it_is_not_final_and_when_it_is(voted):
    poll = voted(shown="always")
    close(poll)
    page = " ".join(Client().get(f"/polls/{poll.slug}/").content.decode().split())
    assert "Not final yet: the last votes are still being checked." in page
    Cluster.objects.all().delete()
    finding.find(standing.KIND)
    close(poll, "-3 days")
    assert sealed(poll)
    assert "Not final yet" not in Client().get(f"/polls/{poll.slug}/").content.decode()


def test_after_two_days_it_ends_and_what_nobody_looked_at_counts(voted):
    poll = voted()
    finding.find(standing.KIND)
    close(poll, "-47 hours")
    assert not sealed(poll)
    close(poll, "-49 hours")
    assert sealed(poll)
    assert (Cluster.objects.get().state, set(Ballot.objects.values_list("standing", flat=True))) == ("proposed", {0})


def test_after_two_days_what_is_set_aside_is_left_out(voted, mod):
    poll = voted()
    finding.find(standing.KIND)
    step("aside", mod)
    close(poll, "-49 hours")
    assert sealed(poll)
    cluster = Cluster.objects.get()
    assert (cluster.state, cluster.decided_by, cluster.words) == ("left_out", mod, "One hand.")
    assert Entry.objects.get(verb="votes.left_out").actor is None
    assert (counted(poll, "aside"), counted(poll, "left_out")) == ({}, {(0, 0): 12})
    assert (counters.find_drift(), auditing.first_wrong(poll)) == ([], "")


def test_no_fault_of_the_finder_keeps_a_count_open_for_ever(voted, monkeypatch):
    def broken(kind):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(finding, "find", broken)
    poll = voted()
    close(poll)
    with pytest.raises(OperationalError), transaction.atomic():
        sealing.seal_closed()
    close(poll, "-49 hours")
    assert sealed(poll)


def test_polls_that_wait_hold_no_other_back(voted, make_poll, people):
    waiting, other = voted(), make_poll(slug="other")
    cast(other, people(1)[0], o1=1)
    for poll in (waiting, other):
        close(poll)
    assert sealing.seal_closed() == 1
    other.refresh_from_db()
    assert other.is_counted


# -- afterwards ------------------------------------------------------------------------------------


@pytest.fixture
def left_out(voted, mod):
    """A count that has ended without the twelve."""

    def make(method="single", **fields):
        poll = voted(method, **fields)
        finding.find(standing.KIND)
        step("aside", mod)
        step("left_out", mod, "aside")
        close(poll)
        assert sealed(poll)
        return poll

    return make


def test_nothing_moves_any_more(left_out, mod):
    poll = left_out()
    with pytest.raises(ValidationError, match="published"):
        step("released", mod, "left_out")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(standing=0)
    assert (counted(poll), auditing.first_wrong(poll)) == ({(0, 0): 3, (2, 1): 3}, "")


def test_a_group_nobody_decided_about_can_only_be_laid_aside(voted, mod):
    poll = voted()
    finding.find(standing.KIND)
    close(poll, "-49 hours")
    assert sealed(poll)
    with pytest.raises(ValidationError, match="published"):
        step("aside", mod)
    assert step("dismissed", mod) == 0


def test_the_list_has_all_of_them_and_both_results_and_anybody_counts_the_same(left_out, tmp_path):
    poll = left_out()
    said = download(poll)
    assert said["format"] == "mygov-ballots-2"
    assert sorted((row["choice"], row["left_out"]) for row in said["ballots"]) == [
        *[("1:1", True)] * 12, *[("2:1", False)] * 3, ("3:1", False),
    ]  # fmt: skip
    assert {name: one["options"] for name, one in said["result"].items()} == {
        "people": {"1": "0", "2": "3", "3": "0"},
        "guests": {"1": "0", "2": "0", "3": "1"},
        "people_with_left_out": {"1": "12", "2": "3", "3": "0"},
    }
    code, text = verify(tmp_path, said, "--list-head", poll.list_head, "--chain-head", poll.chain_head)
    assert (code, text.splitlines()[-1]) == (0, "OK")
    assert "3 ballots of people, 1 of guests" in text
    assert "12 ballots of people were left out after a check; with them it would be:" in text


@pytest.mark.parametrize("method", ["multiple", "dots", "score", "ranked", "pictures", "yes_no"])
def test_so_it_is_in_every_way_of_voting(left_out, tmp_path, method):
    poll = left_out(method)
    assert verify(tmp_path, download(poll), "--list-head", poll.list_head)[0] == 0


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("a mark", "ballot 1"), ("every mark", "ballot"), ("the other result", "the published result"),
        ("the format", "ballot 1"), ("one of them taken out", "ballot"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(left_out, tmp_path, what, named):
    said = download(left_out())
    rows = said["ballots"]
    match what:
        case "a mark":
            rows[0]["left_out"] = not rows[0]["left_out"]
        case "every mark":
            for row in rows:
                row["left_out"] = False
        case "the other result":
            said["result"]["people_with_left_out"]["options"]["1"] = "11"
        case "the format":
            said["format"] = "mygov-ballots-1"
        case "one of them taken out":
            rows.remove(next(row for row in rows if row["left_out"]))
    code, text = verify(tmp_path, said)
    assert code == 1
    assert text.startswith(f"WRONG: {named}")


def test_somebody_with_the_database_who_counts_them_again_is_found(left_out):
    poll = left_out()
    with pgtrigger.ignore():
        Ballot.objects.update(standing=0)
    assert "the list of ballots has the head" in auditing.first_wrong(poll)


def test_a_voter_finds_the_ballot_and_that_it_was_left_out(left_out, client, tmp_path):
    poll = left_out()
    mine = Ballot.objects.filter(standing=2).earliest("pk")
    code, text = verify(tmp_path, download(poll), "--receipt", mine.receipt, "--secret", mine.secret)
    assert (code, "your ballot: 1:1 (left out of the count after a check), link" in text) == (0, True)
    page = client.get(f"/polls/{poll.slug}/results/?receipt={mine.receipt}").content.decode()
    assert "It is marked as left out after a check." in page
    client.force_login(mine.voter)
    page = client.get(f"/polls/{poll.slug}/").content.decode()
    assert ("Your vote was left out" in page, "It counts." in page) == (True, False)


def test_groups_and_the_list_say_how_many_are_not_in_them(make_poll, people, mod, client):
    poll = make_poll()
    stuff(poll, people(12), o1=1)
    for place, person in enumerate([*people(30, gender="m"), *people(30, gender="f")]):
        cast(poll, person, **{"o1" if place % 2 else "o2": 1})
    counted(poll)
    finding.find(standing.KIND)
    step("aside", mod)
    step("left_out", mod, "aside")
    close(poll)
    assert sealed(poll)
    page = client.get(f"/polls/{poll.slug}/results/").content.decode()
    groups = page.partition('id="groups"')[2].partition("</section>")[0]
    assert ("12 votes were left out after a check." in groups, ">30<" in groups) == (True, True)
    assert "The program counts with them and without." in page
    section = " ".join(page.partition('id="count"')[2].split())
    assert ("<li>Red: 58.3 % (42)</li>" in section, "<li>Green: 41.7 % (30)</li>" in section) == (True, True)


def test_lists_that_were_published_before_there_were_checks_still_verify(voted, tmp_path):
    """Their fingerprints are those of a list in which all count, and so is their format."""
    poll = voted()
    Ballot.objects.update(at=timezone.now() - timedelta(days=10))
    close(poll)
    assert sealed(poll)
    head = sha256(f"mygov-ballots-1\n{poll.slug}".encode()).hexdigest()
    for ballot in Ballot.objects.order_by("receipt"):
        whose = "guest" if ballot.guest else "person"
        head = sha256("\n".join([head, ballot.receipt, ballot.choice, whose]).encode()).hexdigest()
    assert poll.list_head == head
    said = download(poll)
    assert (said["format"], set(said["result"]), "left_out" in said["ballots"][0]) == (
        "mygov-ballots-1", {"people", "guests"}, False,
    )  # fmt: skip
    assert verify(tmp_path, said, "--list-head", head)[0] == 0
