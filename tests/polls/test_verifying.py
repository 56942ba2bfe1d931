"""Anybody can count again; whatever is altered is found and named."""

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from polls import chain, counting, sealing, voting
from polls.models import Ballot, Cast, Link, Poll
from tests.polls.conftest import cast, set_window

pytestmark = pytest.mark.django_db

SCRIPT = settings.BASE_DIR / "polls" / "verify_poll.py"
BALLOTS = {
    "single": [{"o1": 1}, {"o2": 1}, {"o2": 1}, {}],
    "multiple": [{"o1": 1, "o2": 1}, {"o3": 1}, {}],
    "ranked": [{"o1": 1, "o2": 2, "o3": 3}, {"o3": 1, "o1": 2}, {"o2": 1}],
    "score": [{"o1": 5, "o2": 0}, {"o1": 2, "o3": 4}],
    "dots": [{"o1": 5, "o2": 3}, {"o3": 8}],
    "budget": [{"o1": 1, "o3": 1}, {"o2": 1, "o3": 1}],
    "yes_no": [{"o1": 1}, {"o2": 1}, {"o1": 1}],
    "pictures": [{"o1": 1}, {"o3": 1}],
}
FIELDS = {
    "budget": {"budget": 100, "costs": (60, 50, 40)},
    "single": {"allows_none": True},
    "multiple": {"allows_none": True},
}


def closed(poll: Poll) -> Poll:
    """Closed long enough ago, and sealed as the worker does it."""
    set_window(poll, "-2 hours", "-1 minute")
    assert sealing.seal_closed() == 1
    poll.refresh_from_db()
    return poll


@pytest.fixture
def counted(make_poll, people):
    """A closed poll of this kind; the first voter has changed her mind."""

    def make(method: str = "single", **fields) -> Poll:
        poll = make_poll(method, **{**FIELDS.get(method, {}), **fields})
        voters = people(len(BALLOTS[method]))
        cast(poll, voters[0], **BALLOTS[method][-1])
        counting.fold()
        for voter, values in zip(voters, BALLOTS[method], strict=True):
            cast(poll, voter, **values)
        return closed(poll)

    return make


def download(poll: Poll) -> dict:
    response = Client().get(f"/polls/{poll.slug}/ballots.json")
    assert response.status_code == 200
    return json.loads(b"".join(response.streaming_content))


def verify(tmp_path: Path, document: dict, *more: str) -> tuple[int, str]:
    file = tmp_path / "ballots.json"
    file.write_text(json.dumps(document))
    done = subprocess.run([sys.executable, str(SCRIPT), str(file), *more], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("ranking", ["borda", "dowdall"])
@pytest.mark.parametrize("method", list(BALLOTS))
def test_the_published_script_comes_to_the_portals_result(counted, tmp_path, method, ranking):
    poll = counted(method, ranking=ranking)
    code, said = verify(tmp_path, download(poll), "--list-head", poll.list_head, "--chain-head", poll.chain_head)
    assert (code, said.splitlines()[-1]) == (0, "OK")
    assert f"{len(BALLOTS[method])} ballots of people" in said


def test_it_runs_on_an_old_python_and_needs_nothing():
    text = SCRIPT.read_text()
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.M))
    assert imported <= {"argparse", "hashlib", "json", "sys", "fractions"}
    compile(text, "verify_poll.py", "exec")
    import ast

    ast.parse(text, feature_version=(3, 8))


def test_the_portal_hands_out_this_very_script():
    response = Client().get("/polls/verify_poll.py")
    assert response.content == SCRIPT.read_bytes()
    assert response["Content-Type"].startswith("text/x-python")


def alter(name: str, document: dict) -> None:
    ballots, links = document["ballots"], document["chain"]
    match name:
        case "a choice":
            ballots[1]["choice"] = "3:1"
        case "a receipt":
            ballots[1]["receipt"] = ballots[1]["receipt"][:-1] + "2"
        case "a ballot left out":
            del ballots[2]
        case "the last ballot left out":
            del ballots[-1]
        case "a ballot twice":
            ballots.insert(1, ballots[1])
        case "an order":
            ballots[0], ballots[1] = ballots[1], ballots[0]
        case "a link":
            links[1]["commitment"] = "0" * 64
        case "a link left out":
            del links[0]
        case "a mark of a link":
            links[0]["change"] = True
        case "the result":
            document["result"]["people"]["options"]["1"] = "99"
        case "a person made a guest":
            ballots[0]["guest"] = True


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("a choice", "ballot 2"), ("a receipt", "ballot 2"), ("a ballot left out", "ballot 3"),
        ("the last ballot left out", "the list as a whole"), ("a ballot twice", "ballot 3"), ("an order", "ballot 1"),
        ("a link", "link 2"), ("a link left out", "link 1"), ("a mark of a link", "the chain has"),
        ("the result", "the published result"), ("a person made a guest", "ballot 1"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(counted, tmp_path, what, named):
    document = download(counted())
    assert verify(tmp_path, document)[0] == 0
    alter(what, document)
    code, said = verify(tmp_path, document)
    assert code == 1
    assert said.startswith(f"WRONG: {named}")


def test_a_list_made_anew_with_fitting_heads_is_not_the_published_one(counted, tmp_path):
    """Whoever alters a choice can compute every head again; not the one people noted."""
    from hashlib import sha256

    poll = counted()
    document = download(poll)
    row = next(row for row in document["ballots"] if row["choice"] == "1:1")
    row["choice"] = "2:1"
    head = sha256(f"mygov-ballots-1\n{poll.slug}".encode()).hexdigest()
    for row in document["ballots"]:
        head = row["head"] = sha256("\n".join([head, row["receipt"], row["choice"], "person"]).encode()).hexdigest()
    document["list_head"] = head
    document["result"]["people"]["options"] |= {"1": "0", "2": "3"}
    assert verify(tmp_path, document)[0] == 0
    assert verify(tmp_path, document, "--list-head", poll.list_head)[0] == 1


def test_a_voter_finds_the_own_ballot_and_it_alone(counted, tmp_path):
    poll = counted()
    ballot = Ballot.objects.order_by("id").first()
    document = download(poll)
    code, said = verify(tmp_path, document, "--receipt", ballot.receipt.lower(), "--secret", ballot.secret)
    assert code == 0
    assert "your ballot: 1:1, link" in said
    assert verify(tmp_path, document, "--receipt", ballot.receipt, "--secret", "0" * 32)[0] == 1
    assert verify(tmp_path, document, "--receipt", "2222-2222-2222-2222")[0] == 1


def test_nothing_published_ties_a_ballot_to_a_person_or_a_moment(counted):
    poll = counted()
    document = download(poll)
    assert set(document["ballots"][0]) == {"receipt", "choice", "guest", "head"}
    assert set(document["chain"][0]) == {"commitment", "change", "head"}
    receipts = [row["receipt"] for row in document["ballots"]]
    assert receipts == sorted(receipts)
    text = json.dumps(document)
    assert not any(ballot.secret in text or str(ballot.voter.email) in text for ballot in Ballot.objects.all())
    # Without the secret the receipt and the choice do not lead to the link.
    linked = {link["commitment"] for link in document["chain"]}
    tries = {
        chain.commitment(poll.slug, row["receipt"], row["choice"], guess)
        for row in document["ballots"]
        for guess in ("", "0" * 32)
    }
    assert linked & tries == set()
    assert linked == set(Cast.objects.values_list("commitment", flat=True))


def test_only_the_last_vote_is_in_the_list_and_the_chain_still_fits(counted):
    poll = counted()
    document = download(poll)
    assert len(document["ballots"]) == 4
    assert sorted(link["change"] for link in document["chain"]) == [False] * 4 + [True]


def test_the_list_is_not_there_before_the_results(make_poll, people):
    poll = make_poll(shown="officials_first")
    cast(poll, people(1)[0], o1=1)
    assert Client().get(f"/polls/{poll.slug}/ballots.json").status_code == 404
    closed(poll)
    assert Client().get(f"/polls/{poll.slug}/ballots.json").status_code == 404
    set_window(poll, "-9 days", "-3 days")
    assert Client().get(f"/polls/{poll.slug}/ballots.json").status_code == 200


# -- sealing -----------------------------------------------------------------------------------------------------------


def test_a_poll_is_not_sealed_while_a_statement_could_be_under_way(poll, asha):
    cast(poll, asha, o1=1)
    set_window(poll, "-1 hour", "-10 seconds")
    assert sealing.seal_closed() == 0
    set_window(poll, "-1 hour", "-21 seconds")
    assert sealing.seal_closed() == 1
    assert sealing.seal_closed() == 0


def test_once_sealed_no_ballot_comes_in_even_if_the_window_is_moved(poll, asha, bilal):
    cast(poll, asha, o1=1)
    closed(poll)
    set_window(poll, "-1 hour", "+1 hour")
    options = list(poll.options.all())
    with pytest.raises(Exception, match="closed"):
        voting.vote(poll, options, bilal, {1: 1})
    ballot = Ballot(poll=poll, voter=bilal, receipt="x", secret="y", choice="2:1", traits="all")
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        ballot.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(choice="2:1")


# -- the database itself -----------------------------------------------------------------------------------------------


def audit(poll: Poll) -> str:
    """What the command says: empty when everything fits."""
    try:
        call_command("verify_ballots", "--poll", poll.slug, stdout=StringIO())
    except CommandError as error:
        return str(error)
    return ""


TAMPERED = {
    "a ballot's choice": ("UPDATE polls_ballot SET choice = '3:1' WHERE receipt = '{receipt}'", "ballot {receipt}"),
    "a cast's choice": ("UPDATE polls_cast SET choice = '3:1' WHERE id = {cast}", "cast {cast} of ballot {receipt}"),
    "a receipt": (
        "UPDATE polls_ballot SET receipt = '2222-2222-2222-2222' WHERE receipt = '{receipt}'",
        "cast {cast} of ballot 2222",
    ),
    "a link's head": ("UPDATE polls_link SET head = repeat('0', 64) WHERE place = 2", "link 2"),
    "a link taken out": ("DELETE FROM polls_link WHERE place = 3", "a cast and the chain disagree"),
    "a link's mark": ("UPDATE polls_link SET is_change = true WHERE place = 1", "a cast and the chain disagree"),
    "the last link taken out": (
        "DELETE FROM polls_link WHERE place = (SELECT max(place) FROM polls_link)",
        "a cast and the chain",
    ),
    "the published head": ("UPDATE polls_poll SET list_head = repeat('0', 64)", "the list of ballots has the head"),
}


@pytest.mark.parametrize("what", list(TAMPERED))
def test_a_manual_update_is_found_and_the_first_bad_row_named(counted, what):
    poll = counted()
    assert audit(poll) == ""
    statement, named = TAMPERED[what]
    ballot = Ballot.objects.order_by("id").last()
    of_ballot = Cast.objects.filter(ballot=ballot).earliest("id")
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement.format(receipt=ballot.receipt, cast=of_ballot.pk))
    assert audit(poll).startswith(f"{poll.slug}: " + named.format(receipt=ballot.receipt, cast=of_ballot.pk))


def test_an_open_poll_can_be_verified_too(poll, asha):
    cast(poll, asha, o1=1)
    assert audit(poll) == ""
    assert Link.objects.count() == 1


def test_an_unknown_poll_is_said(db):
    with pytest.raises(CommandError, match="no poll"):
        call_command("verify_ballots", "--poll", "nothing")
