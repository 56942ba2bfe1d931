"""Importing a CONSUL portal's open data: every defect real files have, and nothing lost."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commons.activities import counters
from commons.activities.models import Activity, Contribution
from commons.audit.models import Event
from commons.comments import screening
from commons.comments.models import Comment
from commons.comments.ranking import wilson
from commons.people.models import User
from discussions.models import Discussion, Idea
from mygov.notifications.models import Notification

PROPOSAL = {
    "id": "7", "url": "", "code": "", "title": "Limpiar las calles", "userId": "10", "date": "2015-09-15",
    "summary": "Algo básico.", "text": "", "numComments": "0", "status": "archived", "numSupports": "6560", "isAssociation": "0",
}  # fmt: skip
COMMENT = {
    "id": "1", "parentId": "-1", "proposalId": "7", "page": "1", "userId": "20", "userType": "", "date": "2015-09-15",
    "time": "0 days 10:50:19", "text": "Sí", "numVotes": "0", "numPositiveVotes": "0", "numNegativeVotes": "0",
}  # fmt: skip
DECIDE_MADRID = Path(__file__).parents[3] / "shared" / "data" / "decide_madrid_2019"


@pytest.fixture
def load(db, tmp_path):
    """Writes two files and imports them; answers with the last line, read."""

    def run(proposals: list[dict[str, str]], comments: list[dict[str, str]], *arguments: str) -> dict:
        files = []
        for name, sample, rows in (("proposals", PROPOSAL, proposals), ("comments", COMMENT, comments)):
            path = tmp_path / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, sample.keys())
                writer.writeheader()
                writer.writerows({**sample, **row} for row in rows)
            files += [f"--{name}", str(path)]
        return command(*files, *arguments)

    return run


def command(*arguments: str) -> dict:
    out, err = StringIO(), StringIO()
    call_command("import_consul", *arguments, stdout=out, stderr=err)
    counts = json.loads(out.getvalue().splitlines()[-1])
    counts["said"] = err.getvalue()
    assert counts["read"] == counts["created"] + counts["unchanged"] + sum(counts["reported"].values())
    return counts


def numbers(counts: dict) -> tuple[int, int, int]:
    return counts["read"], counts["created"], counts["unchanged"]


def theirs(number: str) -> Comment:
    return Comment.objects.get(contribution__external_id=number)


def test_a_proposal_becomes_an_idea_with_everything_it_had(load) -> None:
    text = "La calle está sucia. " * 200
    counts = load([{"text": text, "summary": "Limpiar cada día."}], [{}])

    idea = Idea.objects.select_related("activity", "author", "contribution").get()
    line = idea.contribution
    assert numbers(counts) == (2, 2, 0)
    assert (idea.title, idea.ask, idea.detail) == ("Limpiar las calles", "Limpiar cada día.", text.strip())
    assert idea.detail_html == f"<p>{text.strip()}</p>\n"
    assert (idea.state, idea.support_count, idea.imported_support, idea.language) == ("open", 6560, 6560, "es")
    assert idea.created_at == datetime(2015, 9, 14, 22, tzinfo=UTC)  # midnight in Madrid
    assert (line.channel, line.external_id, line.path, line.language) == ("import", "7", f"/ideas/{idea.pk}/", "es")
    assert (line.person, line.created_at, line.excerpt) == (idea.author, idea.created_at, "Limpiar las calles")


def test_a_comment_keeps_its_moment_its_votes_and_its_thread(load) -> None:
    load(
        [{}],
        [
            {"numVotes": "9", "numPositiveVotes": "6", "numNegativeVotes": "3"},
            {"id": "2", "parentId": "1", "userId": "21", "time": "0 days 11:00:00", "text": "No"},
        ],
    )

    root, reply = theirs("1"), theirs("2")
    idea = Idea.objects.get()
    assert (root.body, root.body_html, root.language, root.anchor) == ("Sí", "<p>Sí</p>\n", "es", f"idea-{idea.pk}")
    assert (root.up, root.down, root.imported_up, root.imported_down, root.best) == (
        6,
        3,
        6,
        3,
        pytest.approx(wilson(6, 3)),
    )
    assert root.created_at == root.contribution.created_at == datetime(2015, 9, 15, 8, 50, 19, tzinfo=UTC)
    assert (root.contribution.path, root.contribution.channel) == (f"/comments/{root.pk}/", "import")
    assert (reply.parent, reply.root, reply.depth, reply.answers) == (root, root, 1, None)
    assert root.reply_count == 1


def test_the_forum_is_closed_where_everything_is_archived_and_counts_what_it_holds(load) -> None:
    load([{}], [{}, {"id": "2", "userId": "21", "text": "No", "date": "2016-01-02"}])

    forum = Discussion.objects.get(slug="brought-in")
    idea = Idea.objects.get()
    last = theirs("2").created_at
    assert (forum.is_forum, forum.state, forum.phase(), forum.conversation) == (True, "published", "closed", "none")
    assert (forum.comment_count, forum.participant_count, forum.last_activity_at) == (2, 2, last)
    assert (forum.opens_at, idea.closes_at) == (idea.created_at, forum.closes_at)
    assert counters.find_drift() == []


def test_what_was_not_archived_stays_open(load) -> None:
    load([{}, {"id": "8", "status": "published"}], [{}])

    assert Discussion.objects.get().phase() == "open"


def test_people_are_pseudonyms_nobody_can_sign_in_to_and_are_found_again(load, client) -> None:
    load(
        [{}],
        [
            {"userId": "10", "userType": "Autor"},
            {"id": "2", "text": "No"},
            {"id": "3", "userId": "30", "userType": "Colectivo", "text": "Ni"},
        ],
    )

    author, citizen, club = User.objects.order_by("email")
    assert [u.email for u in (author, citizen, club)] == [
        f"{number}.brought-in@brought-in.invalid" for number in (10, 20, 30)
    ]
    assert [u.display_name for u in (author, citizen, club)] == ["", "", "Colectivo 30"]
    assert Idea.objects.get().author == theirs("1").author == author
    for person in (author, citizen, club):
        assert not person.is_active
        assert not person.has_usable_password()
        assert client.get(person.get_absolute_url()).status_code == 404


def test_nobody_is_told_and_nothing_is_screened(load, make_discussion) -> None:
    def everything(**asked: object) -> list[screening.Finding]:
        return [screening.Finding("spam", "It has links.")]

    screening.asked.connect(everything)
    try:
        load(
            [{}],
            [{"text": "http://a.example"}, {"id": "2", "parentId": "1", "text": "http://a.example http://b.example"}],
        )
    finally:
        screening.asked.disconnect(everything)
    from commons.activities import lifecycle
    from discussions import idea_steps, ideas

    lifecycle.announce_phases()
    ideas.fold()
    idea_steps.escalate_month(idea_steps.last_working_day(datetime.now(UTC).date()))

    assert {comment.state for comment in Comment.objects.all()} == {"visible"}
    assert (Event.objects.count(), Notification.objects.count()) == (0, 0)


def test_personal_numbers_are_hidden_here_too(load) -> None:
    load([{"text": "Escribe a a@b.es"}], [{"text": "Escribe a a@b.es"}])

    assert (theirs("1").body, Idea.objects.get().detail) == ("Escribe a •••", "Escribe a •••")


def test_a_second_run_adds_nothing_and_a_later_export_only_what_is_new(load) -> None:
    rows = [{}, {"id": "2", "parentId": "1", "text": "No"}, {"id": "3", "text": ""}, {"id": "4", "text": "Sí"}]
    first = load([{}], rows)
    second = load([{}], rows)
    third = load(
        [{}, {"id": "8", "title": "Otra"}],
        [*rows, {"id": "5", "parentId": "2", "text": "Bueno"}, {"id": "6", "proposalId": "8", "text": "Vale"}],
    )
    fourth = load([], [{"id": "7", "parentId": "5", "text": "Solo esta vez"}])

    assert [numbers(counts) for counts in (first, second, third, fourth)] == [
        (5, 3, 0),
        (5, 0, 3),
        (8, 3, 3),
        (1, 1, 0),
    ]
    assert first["reported"] == second["reported"] == third["reported"] == {"empty_text": 1, "repost": 1}
    assert (theirs("7").parent, theirs("5").parent, theirs("7").root) == (theirs("5"), theirs("2"), theirs("1"))
    assert (theirs("1").reply_count, Contribution.objects.count()) == (3, 7)
    assert counters.find_drift() == []


def test_threads_deeper_than_ours_quote_what_they_answer(load) -> None:
    rows = [
        {"id": str(n), "parentId": str(n - 1) if n > 1 else "-1", "text": f"Nivel {n}", "userId": str(n)}
        for n in range(1, 8)
    ]
    counts = load([{}], rows)

    assert [(theirs(str(n)).depth, theirs(str(n)).answers) for n in range(1, 8)] == [
        (0, None), (1, None), (2, None), (3, None), (3, theirs("4")), (3, theirs("5")), (3, theirs("6")),
    ]  # fmt: skip
    assert {theirs(str(n)).parent for n in range(4, 8)} == {theirs("3")}
    assert counts["noted"]["deeper_than_ours"] == 3


def test_a_missing_parent_leaves_a_comment_by_itself(load) -> None:
    counts = load([{}], [{"parentId": "999"}, {"id": "2", "parentId": "1", "text": "No"}])

    assert numbers(counts) == (3, 3, 0)
    assert (theirs("1").parent, theirs("2").parent) == (None, theirs("1"))
    assert counts["noted"]["missing_parent"] == 1


def test_a_parent_on_another_proposal_is_none(load) -> None:
    counts = load(
        [{}, {"id": "8", "title": "Otra"}], [{}, {"id": "2", "proposalId": "8", "parentId": "1", "text": "No"}]
    )

    assert theirs("2").parent is None
    assert counts["noted"]["parent_elsewhere"] == 1


def test_comments_that_answer_in_a_circle_are_cut_where_it_closes(load) -> None:
    counts = load(
        [{}],
        [
            {"id": "1", "parentId": "3"},
            {"id": "2", "parentId": "1", "text": "Dos"},
            {"id": "3", "parentId": "2", "text": "Tres"},
            {"id": "4", "parentId": "4", "text": "Yo"},
        ],
    )

    assert numbers(counts) == (5, 5, 0)
    assert [theirs(n).depth for n in ("2", "3", "1", "4")] == [0, 1, 2, 0]
    assert counts["noted"]["parent_in_a_circle"] == 2


def test_an_answer_stands_after_what_it_answers_whatever_the_file_says(load) -> None:
    load([{}], [{"id": "1", "parentId": "2", "date": "2015-01-01"}, {"id": "2", "text": "No", "date": "2015-09-15"}])

    assert theirs("1").parent == theirs("2")
    assert theirs("1").pk > theirs("2").pk


@pytest.mark.parametrize("text", ["", "  \n ", "\u202e", "\u200d"])
def test_an_empty_text_is_reported_and_its_answers_move_up(load, text) -> None:
    rows = [
        {},
        {"id": "2", "parentId": "1", "text": text, "numVotes": "2"},
        {"id": "3", "parentId": "2", "text": "Hola"},
        {"id": "4", "text": text},
        {"id": "5", "parentId": "4", "text": "¿Qué?"},
    ]
    counts = load([{}], rows)

    assert counts["reported"] == {"empty_text": 2}
    assert (theirs("3").parent, theirs("5").parent) == (theirs("1"), None)
    assert counts["noted"]["parent_left_out"] == 2
    assert "empty_text: comment 2 2 votes" in counts["said"]


def test_a_repost_in_the_same_place_is_reported_and_its_answers_go_to_the_first(load) -> None:
    rows = [
        {},
        {"id": "2", "date": "2015-10-01"},
        {"id": "3", "parentId": "2", "text": "Otra vez", "date": "2015-10-02"},
        {"id": "4", "parentId": "1", "date": "2015-10-03"},  # the same words to somebody
        {"id": "5", "userId": "21", "date": "2015-10-03"},  # the same words of somebody else
        {"id": "6", "date": "2015-10-04", "numVotes": "1", "numNegativeVotes": "1"},  # again, but somebody voted on it
    ]
    counts = load([{}], rows)

    assert counts["reported"] == {"repost": 1}
    assert counts["noted"]["repost_with_votes"] == 1
    assert [theirs(n).parent for n in ("3", "4", "5", "6")] == [theirs("1"), theirs("1"), None, None]
    assert "repost: comment 2 of 1" in counts["said"]


def test_a_comment_on_nothing_is_reported(load) -> None:
    assert load([{}], [{"proposalId": "99"}])["reported"] == {"unknown_proposal": 1}


def test_a_number_that_comes_twice_counts_once(load) -> None:
    counts = load([{}, {"title": "Otra"}], [{}, {"text": "No"}])

    assert counts["reported"] == {"duplicate_id": 2}
    assert (Idea.objects.get().title, Comment.objects.get().body) == ("Limpiar las calles", "Sí")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""}, {"id": "1 or 2"}, {"userId": "x@y"}, {"date": "15/09/2015"}, {"date": "0001-01-01"}, {"time": "ten"},
        {"numPositiveVotes": "-1"}, {"numNegativeVotes": "many"}, {"numVotes": "9" * 30}, {"numVotes": "²"},
    ],
)  # fmt: skip
def test_a_row_nobody_can_understand_is_reported(load, wrong) -> None:
    counts = load([{}], [{"id": "2"}, {"text": "Otra", **wrong}])

    assert (counts["reported"], counts["created"]) == ({"malformed": 1}, 2)


def test_rows_with_more_or_fewer_fields_are_reported(load, tmp_path) -> None:
    load([{}], [{}])
    with (tmp_path / "comments.csv").open("a", encoding="utf-8") as file:
        file.write("2,-1,7\n3,-1,7,1,20,,2015-09-15,0 days 10:00:00,Sí,0,0,0,extra\n")

    counts = command("--proposals", str(tmp_path / "proposals.csv"), "--comments", str(tmp_path / "comments.csv"))
    assert (numbers(counts), counts["reported"]) == ((4, 0, 2), {"malformed": 2})


def test_counters_the_rows_contradict_are_noted_and_go_no_further(load) -> None:
    counts = load([{"numComments": "188"}], [{"numVotes": "9", "numPositiveVotes": "6", "numNegativeVotes": "1"}])

    comment = theirs("1")
    assert counts["noted"]["wrong_counter"] == 2
    assert "wrong_counter: proposal 7 says 188 comments, the file has 1" in counts["said"]
    assert (comment.up, comment.down) == (6, 1)
    assert counters.find_drift() == []


def test_texts_longer_than_ours_come_in_whole(load) -> None:
    title, summary = "Palabra " * 20, "Resumen " * 60
    counts = load([{"title": title, "summary": summary, "text": "Fin."}], [{"text": "x" * 5000}])

    idea = Idea.objects.get()
    assert theirs("1").body == "x" * 5000
    assert (idea.title, len(idea.ask) <= 300) == ("Palabra " * 8 + "Palabra…", True)
    assert idea.detail == f"{title.strip()}\n\n{summary.strip()}\n\nFin."
    assert counts["noted"]["longer_than_ours"] == 1


def test_hostile_texts_are_cleaned(load) -> None:
    load(
        [{"title": "<script>alert(1)</script>"}],
        [{"text": "<img src=x onerror=alert(1)> [x](javascript:alert(1))\u202e\x00"}],
    )

    comment = theirs("1")
    assert "\u202e" not in comment.body
    assert "\x00" not in comment.body
    assert "<img" not in comment.body_html
    assert "href" not in comment.body_html


def test_every_reported_and_noted_row_is_in_the_report(load, tmp_path) -> None:
    load(
        [{"numComments": "3"}],
        [{}, {"id": "2", "text": ""}, {"id": "3", "parentId": "9", "text": "No"}],
        "--report",
        str(tmp_path / "report.csv"),
    )

    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[:3] for row in csv.reader(file)]
    assert rows == [
        ["reason", "file", "id"],
        ["empty_text", "comment", "2"],
        ["missing_parent", "comment", "3"],
    ]


def test_it_goes_into_a_forum_and_an_institution_that_are_there(load, education, make_discussion) -> None:
    there = make_discussion("madrid", is_forum=True, closes_at=None)
    load([{}], [{}], "--forum", "madrid", "--institution", "education")

    assert Idea.objects.get().activity == there
    assert Idea.objects.get().institution == education


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--institution", "nobody"], "there is no institution nobody"),
        (["--forum", "midday-meals"], "is a discussion, not a forum"),
        (["--forum", "not an address"], "cannot be an address"),
        (["--time-zone", "Mars/Olympus"], "there is no time zone"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_changes(load, discussion, arguments, words) -> None:
    with pytest.raises(CommandError, match=words):
        load([{}], [{}], *arguments)

    assert (Idea.objects.count(), Activity.objects.count(), User.objects.count()) == (0, 1, 0)


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"\xff\xfe\x00"])
def test_another_file_is_refused(load, tmp_path, content) -> None:
    load([{}], [{}])
    (tmp_path / "comments.csv").write_bytes(content)

    with pytest.raises(CommandError):
        command("--proposals", str(tmp_path / "proposals.csv"), "--comments", str(tmp_path / "comments.csv"))


def test_a_missing_file_is_said(db, tmp_path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        command("--proposals", str(tmp_path / "none.csv"), "--comments", str(tmp_path / "none.csv"))


def test_rows_cost_no_queries_of_their_own(load, django_assert_max_num_queries) -> None:
    rows = [{"id": str(n), "text": f"Texto {n}", "userId": str(n % 7 + 1)} for n in range(1, 400)]
    with django_assert_max_num_queries(45):
        load([{}], rows)


@pytest.mark.real_data
@pytest.mark.django_db
@pytest.mark.skipif(not DECIDE_MADRID.exists(), reason="Decide Madrid's open data are not beside the checkout")
def test_decide_madrids_data_come_in_whole_and_once() -> None:
    files = ["--proposals", str(DECIDE_MADRID / "proposals.csv"), "--comments", str(DECIDE_MADRID / "comments.csv")]
    first, second = command(*files), command(*files)

    assert numbers(first) == (2431, 2379, 0)
    assert numbers(second) == (2431, 0, 2379)
    assert first["reported"] == second["reported"] == {"empty_text": 28, "repost": 24}
    assert first["noted"] == second["noted"] == {
        "deeper_than_ours": 221, "longer_than_ours": 19, "missing_parent": 102, "parent_left_out": 6,
        "repost_with_votes": 8, "wrong_counter": 27,
    }  # fmt: skip
    assert (Idea.objects.count(), Comment.objects.count()) == (35, 2344)
    assert counters.find_drift() == []
