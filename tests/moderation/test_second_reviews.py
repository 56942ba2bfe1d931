"""Second opinions: what chance draws, who gives one, that it is blind, and what is counted."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from commons.directory.models import Post
from mygov.moderation import bulk, deciding, jobs, reporting, second_reviews, transparency
from mygov.moderation.models import Decision, ReviewShare, SecondReview
from mygov.moderation.queue import Queue
from tests.cast import person

pytestmark = pytest.mark.django_db
PAGE = "/moderation/second-opinions/"
HTMX = {"headers": {"hx-request": "true"}}


@pytest.fixture
def second(db):
    user = person("second", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR)
    return user


@pytest.fixture
def all_drawn(db):
    ReviewShare.objects.update(per_cent=100)


@pytest.fixture
def decide(say, bilal, mod):
    """Reports a new comment and decides it."""
    made = iter(range(1000))

    def make(what="hide", by=mod, **fields):
        number = next(made)
        case = reporting.report(say(bilal, f"Text {number}", **fields), person(f"reporter{number}"), "spam").case
        reason = "spam" if what in {"hide", "ask"} else ""
        return deciding.decide(case, by, what, seen=0, reason=reason, words="Words only the author reads.")

    return make


@pytest.fixture
def opine(second):
    def make(decision, opinion, by=second):
        return second_reviews.give(decision.second_review, by, opinion)

    return make


def theirs(user):
    return list(second_reviews.waiting_for(user).values_list("decision", flat=True))


# -- what is drawn -------------------------------------------------------------------------------


def test_chance_draws_about_the_share_that_is_set(decide):
    """A hundred at a half: fewer than 20 or more than 80 comes once in a thousand million times."""
    ReviewShare.objects.update(per_cent=50)
    made = decide()
    drawn = 0
    for _n in range(100):
        SecondReview.objects.filter(decision=made).delete()
        second_reviews.draw(made)
        drawn += SecondReview.objects.count()

    assert 20 <= drawn <= 80


@pytest.mark.parametrize(("per_cent", "drawn"), [(0, 0), (100, 3)])
def test_none_and_all(decide, per_cent, drawn):
    ReviewShare.objects.update(per_cent=per_cent)
    for _n in range(3):
        decide()

    assert SecondReview.objects.count() == drawn


@pytest.mark.usefixtures("all_drawn")
def test_what_only_hands_a_case_on_is_not_drawn(decide, their_moderator):
    for what in ("ask", "escalate"):
        decide(what, by=their_moderator)

    assert SecondReview.objects.count() == 0


@pytest.mark.usefixtures("all_drawn")
def test_decisions_on_many_at_once_are_drawn_too_and_leave_when_they_are_taken_back(say, asha, bilal, mod, second, rf):
    for n in range(3):
        reporting.report(say(bilal, f"Many {n}"), asha, "offence")
    made = bulk.draw_up(Queue.read(mod, rf.get("/").GET), mod, "approve")
    bulk.confirm(made, mod)
    jobs.go_on_with_bulk()
    assert len(theirs(second)) == 3
    bulk.undo(made, mod)
    jobs.go_on_with_bulk()

    assert (Decision.objects.filter(what="undo").count(), theirs(second)) == (3, [])


# -- whose it is ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_drawn")
def test_it_is_another_moderators_of_the_platform(decide, mod, second, admin, their_moderator, asha):
    made = decide()

    assert {who: theirs(user) == [made.pk] for who, user in (
        ("mod", mod), ("second", second), ("admin", admin), ("theirs", their_moderator), ("asha", asha),
    )} == {"mod": False, "second": True, "admin": True, "theirs": False, "asha": False}  # fmt: skip


@pytest.mark.usefixtures("all_drawn")
def test_not_whoever_reported_wrote_decided_earlier_or_works_there(say, asha, bilal, mod, second, education, admin):
    written = reporting.report(say(second, "My own"), asha, "spam").case
    reported = reporting.report(say(bilal, "Reported by me"), second, "spam").case
    earlier = reporting.report(say(bilal, "Decided by me once"), asha, "spam").case
    deciding.decide(earlier, second, "hide", seen=0, reason="spam")
    for case, turn, what in ((written, 0, "approve"), (reported, 0, "approve"), (earlier, 1, "restore")):
        deciding.decide(case, mod, what, seen=turn)
    assert (theirs(second), len(theirs(admin))) == ([], 3)
    Post.objects.create(person=admin, role=Post.Role.AUTHOR, institution=education)

    assert theirs(admin) == []


@pytest.mark.usefixtures("all_drawn")
def test_not_after_it_was_decided_anew_or_its_author_took_it_back(decide, second, mod):
    anew, gone, stays = decide(), decide("approve"), decide()
    deciding.decide(anew.case, mod, "restore", seen=1)
    type(gone.case.comment).objects.filter(pk=gone.case.comment_id).update(state="removed")

    assert theirs(second) == [stays.pk, anew.case.decisions.first().pk]


@pytest.mark.usefixtures("all_drawn")
def test_the_database_refuses_whoever_decided(decide, mod):
    review = decide().second_review
    fields = {"by": mod, "opinion": "hide", "at": timezone.now(), "agrees": True}
    with pytest.raises(IntegrityError, match="somebody else's"), transaction.atomic():
        SecondReview.objects.filter(pk=review.pk).update(**fields)
    with pgtrigger.ignore("moderation.SecondReview:somebody_else_looks"):  # the negative control
        assert SecondReview.objects.filter(pk=review.pk).update(**fields) == 1


@pytest.mark.usefixtures("all_drawn")
def test_whoever_it_is_not_for_is_refused(decide, opine, mod, their_moderator):
    made = decide()
    for user in (mod, their_moderator):
        with pytest.raises(PermissionDenied):
            opine(made, "hide", by=user)


# -- the opinion ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_drawn")
@pytest.mark.parametrize(
    ("what", "opinion", "agrees"),
    [
        ("hide", "hide", True), ("hide", "show", False), ("approve", "show", True), ("approve", "hide", False),
        ("remove", "hide", True), ("hide", "unsure", None),
    ],
)  # fmt: skip
def test_whether_it_agrees(decide, opine, what, opinion, agrees):
    made = decide(what)
    before = type(made.case.comment).objects.get(pk=made.case.comment_id).state

    assert opine(made, opinion)
    assert SecondReview.objects.get().agrees is agrees
    assert type(made.case.comment).objects.get(pk=made.case.comment_id).state == before


@pytest.mark.usefixtures("all_drawn")
def test_an_opinion_stays(decide, opine, admin):
    made = decide()
    opine(made, "hide")

    assert opine(made, "show", by=admin) is False
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        SecondReview.objects.update(opinion="show")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_answer_at_once_one_is_written_down(decide):
    ReviewShare.objects.update(per_cent=100)
    made = decide()
    people = [person(f"moderator{n}", is_staff=True) for n in range(6)]
    for one in people:
        Post.objects.create(person=one, role=Post.Role.MODERATOR)

    def carelessly(by):
        """The negative control: looks first and writes then, with the trigger off."""
        waits = SecondReview.objects.filter(pk=made.second_review.pk, opinion="").exists()
        all_looked.wait()
        with pgtrigger.ignore("moderation.SecondReview:opinion_stays"):
            fields = {"by": by, "opinion": "hide", "agrees": True, "at": timezone.now()}
            return waits and bool(SecondReview.objects.filter(pk=made.second_review.pk).update(**fields))

    def rightly(by):
        all_looked.wait()
        return second_reviews.give(made.second_review, by, "hide")

    def at_once(give):
        def answer(by):
            try:
                return give(by)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            return sorted(pool.map(answer, people))

    review = made.second_review
    all_looked = Barrier(6)
    assert at_once(rightly) == [False] * 5 + [True]
    with pgtrigger.ignore("moderation.SecondReview:opinion_stays"):
        SecondReview.objects.filter(pk=review.pk).delete()
    made.second_review = SecondReview.objects.create(decision=made)
    assert at_once(carelessly) == [True] * 6


# -- the page ------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, second):
    client.force_login(second)
    return client


@pytest.mark.usefixtures("all_drawn")
@pytest.mark.parametrize("kwargs", [{}, HTMX])
def test_the_page_shows_the_text_and_nothing_of_the_decision(desk, decide, kwargs):
    articles = []
    for what in ("hide", "approve"):
        decide(what)
        page = desk.get(PAGE, **kwargs).content.decode()
        assert "Text" in page
        for telling in (
            "Words only the author reads.",
            ">Mod<",
            "Mod:",
            "Hidden",
            "Approved",
            "/moderation/decisions/",
        ):
            assert telling not in page
        review = SecondReview.objects.get(opinion="")
        section = page.split("<section")[1].split("</section>")[0]
        section = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", section)
        articles.append(section.replace(f"/{review.pk}/", "/N/").replace(f"Text {len(articles)}", "Text"))
        second_reviews.give(review, person(f"judge{what}", is_staff=True, is_superuser=True), "unsure")

    assert articles[0] == articles[1]  # whichever way it was decided


@pytest.mark.usefixtures("all_drawn")
def test_giving_one_with_and_without_htmx(desk, decide):
    first, second_one = decide().second_review, decide().second_review
    plain = desk.post(f"{PAGE}{first.pk}/opinion/", {"opinion": "hide", "words": "Sells."})
    htmx = desk.post(f"{PAGE}{second_one.pk}/opinion/", {"opinion": "show"}, **HTMX)

    assert (plain.status_code, plain["Location"], htmx.status_code) == (302, PAGE, 200)
    assert "No decision waits for your opinion." in htmx.content.decode()
    assert "<html" not in htmx.content.decode()
    assert list(SecondReview.objects.order_by("id").values_list("opinion", "words", "agrees")) == [
        ("hide", "Sells.", True), ("show", "", False),
    ]  # fmt: skip


@pytest.mark.usefixtures("all_drawn")
@pytest.mark.parametrize("kwargs", [{}, HTMX])
def test_without_a_choice_it_comes_back_with_what_was_typed(desk, decide, kwargs):
    review = decide().second_review
    answer = desk.post(f"{PAGE}{review.pk}/opinion/", {"opinion": "x", "words": "My thought"}, **kwargs)

    assert (answer.status_code, "My thought" in answer.content.decode()) == (422, True)
    assert SecondReview.objects.get().opinion == ""


@pytest.mark.usefixtures("all_drawn")
def test_whoever_is_slower_is_told(desk, decide, opine, admin):
    made = decide()
    opine(made, "hide", by=admin)
    answer = desk.post(f"{PAGE}{made.second_review.pk}/opinion/", {"opinion": "hide"}, follow=True)

    assert "Somebody else was faster." in answer.content.decode()


@pytest.mark.usefixtures("all_drawn")
@pytest.mark.parametrize("who", ["asha", "meera", "their_moderator"])
def test_it_is_nobody_elses_page(client, decide, who, request):
    review = decide().second_review
    client.force_login(request.getfixturevalue(who))
    send = client.post(f"{PAGE}{review.pk}/opinion/", {"opinion": "hide"})

    assert (client.get(PAGE).status_code, send.status_code) == (404, 404)


@pytest.mark.usefixtures("all_drawn")
def test_whoever_decided_and_an_unknown_number_get_the_same(client, decide, mod):
    review = decide().second_review
    client.force_login(mod)
    answers = [client.post(f"{PAGE}{pk}/opinion/", {"opinion": "hide"}) for pk in (review.pk, 999_999)]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_whoever_is_not_signed_in_signs_in_first(client):
    assert client.get(PAGE)["Location"] == "/accounts/login/?next=%2Fmoderation%2Fsecond-opinions%2F"


@pytest.mark.usefixtures("all_drawn")
def test_the_page_costs_the_same_for_one_and_for_three(desk, decide, django_assert_num_queries):
    decide()
    with django_assert_num_queries(12):
        desk.get(PAGE)
    for _n in range(2):
        decide()
    with django_assert_num_queries(12):
        desk.get(PAGE)


# -- the figures ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_drawn")
def test_administrators_alone_read_who_differs(client, decide, opine, mod, second, admin):
    for n in range(10):
        opine(decide(), "show" if n < 3 else "hide")
    client.force_login(second)
    theirs_page = client.get(PAGE).content.decode()
    client.force_login(admin)
    page = " ".join(client.get(PAGE).content.decode().split())

    assert ("7 were the same as the decision: 70%" in page, "differs often" in page) == (True, True)
    assert ("70%" in theirs_page, "differs often" in theirs_page, "Second:" in theirs_page) == (True, False, False)
    assert [row.decision_id for row in page_of(client).context["disagreements"]] == list(
        SecondReview.objects.filter(agrees=False).order_by("-at").values_list("decision", flat=True)
    )


def page_of(client):
    return client.get(PAGE)


@pytest.mark.usefixtures("all_drawn")
def test_nine_say_nothing(decide, opine):
    for _n in range(9):
        opine(decide(), "hide")
    opine(decide(), "unsure")

    assert (second_reviews.agreement().per_cent, second_reviews.agreement().unsure) == (None, 1)


@pytest.mark.usefixtures("all_drawn")
def test_the_public_reads_the_share_of_the_month(client, decide, opine):
    for n in range(10):
        opine(decide(), "show" if n < 1 else "hide")
    opine(decide(), "unsure")
    transparency.fold()
    page = " ".join(client.get("/transparency/").content.decode().split())
    lines = list(csv.DictReader(io.StringIO(client.get("/transparency/moderation.csv").content.decode("utf-8-sig"))))

    assert "they looked at 10 and came to the same 9 times: 90%." in page
    assert [(lines[0][name]) for name in ("decided", "second_opinions", "second_agreed")] == ["11", "10", "9"]


@pytest.mark.usefixtures("all_drawn")
def test_the_public_reads_no_share_of_nine(client, decide, opine):
    for _n in range(9):
        opine(decide(), "hide")
    decide()
    transparency.fold()

    assert "Second opinions" not in client.get("/transparency/").content.decode()


# -- the share -----------------------------------------------------------------------------------


def test_administrators_set_the_share_and_it_is_recorded(client, admin, mod):
    url = "/admin/moderation/reviewshare/1/change/"
    client.force_login(mod)
    assert client.post(url, {"per_cent": 50}).status_code == 404
    client.force_login(admin)
    too_much = client.post(url, {"per_cent": 101})
    assert (too_much.status_code, ReviewShare.objects.get().per_cent) == (422, 5)
    client.post(url, {"per_cent": 12})

    assert ReviewShare.objects.get().per_cent == 12
    assert [client.get(f"/admin/moderation/reviewshare/{path}").status_code for path in ("add/", "1/delete/")] == [
        403,
        403,
    ]
