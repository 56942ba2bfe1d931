"""Answering: every answer kept at once, one response a person, the database's clock, and nothing lost on the way."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from commons.activities.counters import find_drift
from commons.activities.models import Activity, Contribution
from commons.comments.refused import Refused
from surveys import answering, guests
from surveys.answering import Respondent
from surveys.asking import Sheet
from surveys.models import Answer, Attachment, Response, Survey
from tests.cast import PASSWORD
from tests.surveys.conftest import HTMX, add_section, ask, both, options

pytestmark = pytest.mark.django_db
PAGE = "/surveys/way-to-school/part-1/"


def answers(response: Response | None = None) -> dict[str, Any]:
    response = response or Response.objects.get()
    return dict(response.answers.values_list("question__name", "value"))


def keep(survey: Survey, person: Any, **given: Any) -> Response:
    sheet = Sheet.of(survey)
    response = answering.begin(survey, Respondent(person))
    answering.keep(response, sheet, {sheet.by_name[name]: value for name, value in given.items()})
    return response


# -- pages, with and without a script ----------------------------------------------------------------
def test_a_page_shows_its_questions_and_not_what_is_hidden(reader, survey):
    page = reader.get(PAGE).content.decode()

    assert re.findall(r'id="q-(\w+)"', page) == ["how", "why"]
    assert re.findall(r'id="slot-(\w+)"', page) == ["how", "minutes", "why"]
    assert "Part 1 of 2" in page


def test_without_a_script_a_page_is_kept_and_more_is_asked_where_an_answer_asks_for_it(reader, survey):
    response = reader.post(PAGE, {"shown": ["how", "why"], "a-how": "bus", "a-why": ["near"], "go": "on"})

    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}#slot-minutes"
    assert answers() == {"how": "bus", "why": ["near"]}
    response = reader.post(PAGE, {"shown": ["how", "minutes", "why"], "a-how": "bus", "a-minutes": "२५", "go": "on"})
    assert response["Location"] == "/surveys/way-to-school/part-2/"
    assert answers() == {"how": "bus", "minutes": 25}


def test_an_answer_is_kept_as_it_is_given_and_shows_what_depends_on_it(reader, survey):
    response = reader.post(f"{PAGE}how/", {"shown": ["how", "why"], "a-how": "bus"}, headers=HTMX)

    assert response.status_code == 200
    assert answers() == {"how": "bus"}
    page = response.content.decode()
    assert "Saved" in page
    assert re.findall(r'id="slot-(\w+)" hx-swap-oob', page) == ["minutes"]
    response = reader.post(f"{PAGE}how/", {"shown": ["how", "minutes", "why"], "a-how": "walk"}, headers=HTMX)
    assert 'id="q-minutes"' not in response.content.decode()


def test_the_same_answer_without_htmx_leads_back_to_the_page(reader, survey):
    response = reader.post(f"{PAGE}how/", {"a-how": "walk"})

    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}#slot-how"
    assert answers() == {"how": "walk"}


def test_an_earlier_answer_stands_in_a_later_text_and_is_text(reader, survey):
    first = survey.sections.get(slug="part-1")
    ask(first, "name", "short")
    survey.questions.filter(name="words").update(title=both("Dear {name}, by {how}?"), hint="")
    reader.post(PAGE, {"shown": ["how", "name"], "a-how": "walk", "a-name": "<script>x</script>", "go": "on"})
    page = reader.get("/surveys/way-to-school/part-2/").content.decode()

    assert "Dear &lt;script&gt;x&lt;/script&gt;, by Walk?" in page
    assert "<script>x" not in page


def test_what_is_wrong_stands_beside_it_and_everything_else_is_kept(reader, survey, asha):
    keep(survey, asha, how="bus")
    sent = {"shown": ["how", "minutes", "why"], "a-how": "bus", "a-minutes": "many", "a-why": ["near", "cheap", "safe"]}
    response = reader.post(PAGE, sent)

    assert response.status_code == 422
    page = response.content.decode()
    assert "Write a number in digits, as in 12 or 2.5." in page
    assert "Choose at most 2 options." in page
    assert 'value="many"' in page
    assert page.count(" checked") == 4
    assert answers() == {"how": "bus"}


def test_going_on_needs_what_must_be_answered_and_going_back_does_not(reader, survey):
    assert reader.post(PAGE, {"shown": ["how", "why"], "go": "on"}).status_code == 422
    assert reader.post("/surveys/way-to-school/part-2/", {"shown": ["rate"], "go": "back"})["Location"] == PAGE


def test_a_page_that_conditions_hide_leads_to_where_one_is(reader, survey):
    survey.sections.filter(slug="part-2").update(shown_when="{how} = 'bus'")
    response = reader.get("/surveys/way-to-school/part-2/")
    assert (response.status_code, response["Location"]) == (302, PAGE)


# -- bad input -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("how", {"a-how": "train"}, 422),
        ("how", {"a-how": ["walk", "bus"]}, 422),
        ("minutes", {"a-minutes": "5"}, 422),  # hidden
        ("why", {"a-why": ["near", "cheap", "safe"]}, 422),
        ("why", {"a-why": ["good"]}, 422),  # an option of another question
        ("nobody", {"a-nobody": "x"}, 404),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_bad_input_is_refused_and_leaves_no_row(reader, survey, name, sent, status, headers):
    response = reader.post(f"{PAGE}{name}/", sent, headers=headers)

    assert response.status_code == (status if headers or status == 404 else 302)
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"shown": ["how", "minutes"], "a-how": "walk", "a-minutes": "5"}, "This question is not asked of you."),
        ({"shown": ["how"], "a-how": "walk", "a-minutes": "5"}, "This question is not asked of you."),
        ({"shown": ["how"], "a-how": "train"}, "Choose one of the options of this question."),
    ],
)
def test_a_whole_page_with_a_hidden_or_foreign_answer_is_refused(reader, survey, sent, words):
    response = reader.post(PAGE, sent)

    assert response.status_code == 422
    assert Answer.objects.count() == 0 or words.startswith("Choose")


@pytest.mark.parametrize(
    ("kind", "fields", "sent", "stored"),
    [
        ("short", {}, {"a-q": "  a\u202eb "}, "ab"),
        ("short", {"most": 3}, {"a-q": "four"}, None),
        ("scale", {"least": 1, "most": 5}, {"a-q": "5"}, 5),
        ("scale", {"least": 1, "most": 5}, {"a-q": "6"}, None),
        ("nps", {}, {"a-q": "0"}, 0),
        ("nps", {}, {"a-q": "11"}, None),
        ("number", {"least": 0}, {"a-q": "-1"}, None),
        ("number", {}, {"a-q": "1,20,000.5"}, 120000.5),
        ("date", {}, {"a-q": "24-11-2026"}, "2026-11-24"),
        ("date", {}, {"a-q": "31.02.2026"}, None),
        ("pin", {}, {"a-q": "८१० ००१".replace("८", "8")}, "810001"),
        ("pin", {}, {"a-q": "012345"}, None),
        ("phone", {}, {"a-q": "98765 43210"}, "+919876543210"),
        ("phone", {}, {"a-q": "12"}, None),
        ("consent", {}, {"a-q": "yes"}, True),
        ("ranking", {"options": options("x", "y")}, {"a-q-x": "2", "a-q-y": "1"}, ["y", "x"]),
        ("ranking", {"options": options("x", "y")}, {"a-q-x": "1", "a-q-y": "1"}, None),
        ("matrix_multi", {"options": options("x", "y"), "rows": options("r", "s")}, {"a-q-r": ["y", "x"]}, {"r": ["x", "y"]}),
        ("matrix_single", {"options": options("x"), "rows": options("r"), "required": True}, {"a-q-r": "z"}, None),
        ("state", {"options": options("9")}, {"a-q": "9"}, "9"),
        ("state", {"options": options("9")}, {"a-q": "10"}, None),
    ],
)  # fmt: skip
def test_each_kind_of_question_keeps_what_fits_and_refuses_the_rest(reader, make_survey, kind, fields, sent, stored):
    section = add_section(make_survey())
    ask(section, "q", kind, **fields)
    response = reader.post(f"{PAGE}q/", sent, headers=HTMX)

    assert response.status_code == (422 if stored is None else 200)
    assert list(Answer.objects.values_list("value", flat=True)) == ([] if stored is None else [stored])
    assert reader.get(PAGE).status_code == 200


# -- sending ------------------------------------------------------------------------------------------
def test_sending_opens_one_line_in_the_ledger_without_what_was_answered(reader, survey, asha):
    keep(survey, asha, how="walk", words="My secret opinion")
    for _twice in range(2):
        assert reader.post("/surveys/way-to-school/review/")["Location"] == "/surveys/way-to-school/review/"

    line = Contribution.objects.get()
    assert (line.kind, line.excerpt, line.path, line.person) == (
        "survey",
        "The way to school",
        "/surveys/way-to-school/",
        asha,
    )
    assert Activity.objects.get().participant_count == 1
    assert line.reference in reader.get("/surveys/way-to-school/review/").content.decode()
    assert find_drift() == []


def test_what_must_be_answered_is_marked_before_it_can_be_sent(reader, survey, asha):
    keep(survey, asha, how="bus")
    response = reader.post("/surveys/way-to-school/review/")

    assert response.status_code == 422
    assert response.content.decode().count("Must be answered") == 1
    assert Response.objects.sent().count() == 0


def test_an_answer_that_conditions_hide_stays_but_does_not_count(survey, asha):
    response = keep(survey, asha, how="bus", minutes=20)
    keep(survey, asha, how="walk")
    assert list(response.answers.filter(counts=True).values_list("question__name", flat=True)) == ["how"]
    keep(survey, asha, how="bus")
    assert set(response.answers.filter(counts=True).values_list("question__name", "value")) == {
        ("how", "bus"),
        ("minutes", 20),
    }


def test_what_is_sent_can_be_changed_only_where_the_survey_allows_it(survey, asha):
    response = keep(survey, asha, how="walk")
    answering.send(response, Sheet.of(survey))
    keep(survey, asha, how="walk", words="More")
    with pytest.raises(ValidationError, match="This must be answered"):
        keep(survey, asha, how=None)
    Survey.objects.update(editable=False)
    with pytest.raises(Refused, match="nobody change"):
        keep(survey, asha, words="Even more")
    assert answers(response) == {"how": "walk", "words": "More"}


def test_after_the_close_nothing_is_kept_and_what_was_kept_stays(reader, survey, asha):
    keep(survey, asha, how="walk")
    Activity.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    assert reader.post(f"{PAGE}how/", {"a-how": "bus"}, headers=HTMX)["HX-Redirect"] == "/surveys/way-to-school/"
    with pytest.raises(Refused):
        keep(survey, asha, how="bus")
    with pytest.raises(Refused):
        answering.send(Response.objects.get(), Sheet.of(survey))
    assert answers() == {"how": "walk"}


def test_the_close_is_judged_in_the_statement_that_writes(survey, asha):
    """The control: whatever was asked before, the insert itself refuses; without its condition it would write."""
    response = answering.begin(survey, Respondent(asha))
    Activity.objects.update(closes_at=timezone.now() - timedelta(milliseconds=1))
    question = Sheet.of(survey).by_name["how"]
    with pytest.raises(Refused):
        answering.write(response, {question: "walk"})
    assert Answer.objects.count() == 0
    blind = answering.KEEP.replace("a.closes_at > clock_timestamp()", "true")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answering, "KEEP", blind)
        answering.write(response, {question: "walk"})
    assert Answer.objects.count() == 1


# -- once a person --------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_leave_one_response_with_one_answer(survey, asha):
    failed: list[BaseException] = []

    def press() -> None:
        try:
            keep(survey, asha, how="walk")
            answering.send(Response.objects.get(), Sheet.of(survey))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _n in range(8)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert failed == []
    assert (Response.objects.count(), Answer.objects.count(), Contribution.objects.count()) == (1, 1, 1)
    assert Activity.objects.get().participant_count == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_double_press_would_count_twice(survey, asha, monkeypatch):
    """The control of the test above: two who both read “not sent yet” would both open a line."""
    response = keep(survey, asha, how="walk")
    monkeypatch.setattr(answering, "SEND", answering.SEND.replace("r.completed_at IS NULL AND", ""))
    stale = Response.objects.get()
    monkeypatch.setattr(
        answering.Response, "completed_at", property(lambda self: None, lambda self, value: None), raising=False
    )
    answering.send(stale, Sheet.of(survey))
    answering.send(response, Sheet.of(survey))
    assert Contribution.objects.count() == 2


# -- guests ---------------------------------------------------------------------------------------------
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(client, survey):
    assert client.get(PAGE)["Location"] == "/accounts/login/?next=%2Fsurveys%2Fway-to-school%2Fpart-1%2F"


def test_a_guest_answers_where_guests_may_and_takes_it_along_when_signing_in(client, survey, asha):
    Survey.objects.update(guests=True)
    client.get(PAGE)
    client.post(PAGE, {"shown": ["how"], "a-how": "walk", "go": "on"})
    response = Response.objects.get()
    assert (response.person, response.by_guest, bool(response.guest_key)) == (None, True, True)

    client.post("/accounts/login/", {"login": "asha@example.org", "password": PASSWORD})
    response.refresh_from_db()
    assert (response.person, response.guest_key, response.by_guest) == (asha, "", True)


def test_the_page_of_a_survey_is_the_same_for_all_guests_and_sets_no_cookie(client, survey):
    Survey.objects.update(guests=True)
    client.get(PAGE)
    page = Client().get("/surveys/way-to-school/")
    assert not page.cookies
    assert "public" in page["Cache-Control"]
    assert "csrf" not in page.content.decode()


def test_a_link_leads_a_guest_back_on_another_device_and_an_account_to_sign_in(client, survey, asha, bilal):
    Survey.objects.update(guests=True)
    client.get(PAGE)
    client.post(PAGE, {"shown": ["how"], "a-how": "walk", "go": "on"})
    link = f"/surveys/resume/{guests.link_token(Response.objects.get())}/"
    other = Client()

    assert other.get(link, follow=True).status_code == 200
    assert 'value="walk" checked' in other.get(PAGE).content.decode()
    own = f"/surveys/resume/{guests.link_token(keep(survey, asha, how='bus'))}/"
    assert Client().get(own)["Location"].startswith("/accounts/login/")
    assert Client().get("/surveys/resume/made-up/").status_code == 404
    other.cookies["guest"] = "made:up:x"
    assert 'value="walk" checked' not in other.get(PAGE).content.decode()


def test_the_link_goes_out_by_mail_once_a_minute(reader, survey, asha):
    keep(survey, asha, how="walk")
    for status in (302, 422):
        assert (
            reader.post("/surveys/way-to-school/later/", {"email": "asha@example.org", "by": "mail"}).status_code
            == status
        )
    assert len(mail.outbox) == 1
    assert "/surveys/resume/" in mail.outbox[0].body
    assert reader.post("/surveys/way-to-school/later/", {"email": "nothing", "by": "mail"}).status_code == 422


# -- files ----------------------------------------------------------------------------------------------
def picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    exif = image.getexif()
    exif[0x010F] = "SecretTelephone"
    image.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("me.png", picture(), "image/jpeg"), ("me.jpg", picture("JPEG"), "image/jpeg"),
        ("a.pdf", b"%PDF-1.4\nx\n%%EOF\n", "application/pdf"), ("a.pdf", b"<script>", None), ("a.svg", b"<svg/>", None),
        ("a.png", picture()[:40], None), ("big.pdf", b"%PDF-1.4" + b"x" * 4_000_001, None), ("x.html", b"<html>", None),
    ],
)  # fmt: skip
def test_a_file_is_made_harmless_or_refused(reader, make_survey, name, content, kept):
    ask(add_section(make_survey()), "proof", "file")
    response = reader.post(f"{PAGE}proof/", {"a-proof": SimpleUploadedFile(name, content)}, headers=HTMX)

    assert response.status_code == (200 if kept else 422)
    assert list(Attachment.objects.values_list("content_type", flat=True)) == ([kept] if kept else [])
    if kept:
        row = Attachment.objects.get()
        assert b"SecretTelephone" not in bytes(row.content)
        got = reader.get(f"/surveys/files/{row.pk}/")
        assert got["Content-Disposition"].startswith("attachment;")
        assert Client().get(f"/surveys/files/{row.pk}/").status_code == 404


# -- speed, order ------------------------------------------------------------------------------------------
def test_a_page_and_an_answer_ask_as_often_for_thirty_questions_as_for_three(reader, survey):
    reader.post(f"{PAGE}how/", {"a-how": "walk"}, headers=HTMX)
    counted = []
    for more in (0, 30):
        for number in range(more):
            ask(survey.sections.get(slug="part-1"), f"more{number}", "single", options=options("x", "y"))
        asked = []
        for act in (lambda: reader.get(PAGE), lambda: reader.post(f"{PAGE}how/", {"a-how": "walk"}, headers=HTMX)):
            with CaptureQueriesContext(connection) as queries:
                assert act().status_code == 200
            asked.append(len(queries))
        counted.append(asked)
    assert counted[0] == counted[1]
    assert counted[0][0] <= 12
    assert counted[0][1] <= 16


def test_a_mixed_order_is_the_same_for_one_person_and_keeps_the_last_last(make_survey, asha, bilal):
    survey = make_survey()
    choices = [*options(*"abcdefgh"), options("none")[0] | {"stays": True}]
    ask(add_section(survey), "q", "single", options=choices, shuffled=True)

    def order(person: Any) -> list[str]:
        walk = answering.walk_of(Sheet.of(survey), Respondent(person), None)
        return [option["code"] for option in walk.options_of(survey.questions.get())]

    assert order(asha) == order(asha)
    assert order(asha) != order(bilal)
    assert order(asha)[-1] == "none"
    assert sorted(order(asha)) == sorted([*"abcdefgh", "none"])


def test_the_page_of_a_survey_asks_as_often_for_thirty_questions_as_for_three(client, reader, survey, asha):
    keep(survey, asha, how="walk")
    counted = []
    for more in (0, 30):
        for number in range(more):
            ask(survey.sections.get(slug="part-1"), f"more{number}", "single", options=options("x", "y"))
        here = []
        for browser in (client, reader):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get("/surveys/way-to-school/").status_code == 200
            here.append(len(queries))
        counted.append(here)
    assert counted == [[2, 7]] * 2
