"""Asha and Bilal answer clauses and the whole document, until the close and not a moment longer."""

import threading
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import Client
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from commons.activities.counters import find_drift
from commons.activities.models import Activity, Contribution
from commons.comments.refused import Refused
from commons.people.models import Draft as Typed
from consultations import attachments, responding
from consultations.models import Annotation, Clause, Submission
from mygov.moderation.models import Case
from tests.consultations.conftest import closed
from tests.consultations.test_sources import pdf, word


def counts(clause: int) -> tuple[int, ...]:
    row = Clause.objects.get(pk=clause)
    return row.support_count, row.amend_count, row.oppose_count, row.ask_count


def test_an_answer_is_counted_at_its_clause_and_what_that_lies_in(answer, label, asha, bilal):
    answer(asha, "2(b)(i)", "oppose", body="A room is not enough.")
    answer(bilal, "2(b)", "ask", body="What of mobile kitchens?")
    assert [counts(label(name)) for name in ("2(b)(i)", "2(b)", "2", "3")] == [
        (0, 0, 1, 0),
        (0, 0, 1, 1),
        (0, 0, 1, 1),
        (0, 0, 0, 0),
    ]
    assert Activity.objects.get().participant_count == 2
    assert find_drift() == []


def test_a_changed_mind_moves_the_count_and_keeps_the_reference(answer, label, asha):
    first = answer(asha)
    second = answer(asha, stance="amend", proposed="Every child present is served two meals.")
    assert (first.pk, first.contribution.reference) == (second.pk, second.contribution.reference)
    assert counts(label("3")) == (0, 1, 0, 0)
    assert find_drift() == []


def test_what_is_taken_back_is_counted_no_more_and_can_be_said_again(answer, label, asha):
    row = answer(asha)
    responding.take_back(row, asha)
    responding.take_back(row, asha)
    assert counts(label("3(1)")) == (0, 0, 0, 0)
    assert Contribution.objects.get().excerpt == ""
    answer(asha, stance="oppose")
    assert counts(label("3(1)")) == (0, 0, 1, 0)
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"stance": "amend"}, "proposed"), ({"stance": "ask"}, "body"), ({"stance": "love"}, "stance"),
        ({"stance": "oppose", "body": "x" * 4001}, "body"), ({"exact": "words that are not there"}, "exact"),
        ({"stance": "amend", "proposed": "Every child present is served one meal on each school day before one o'clock."}, "proposed"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field(answer, asha, said, field):
    with pytest.raises(ValidationError) as refused:
        answer(asha, **said)
    assert list(refused.value.message_dict) == [field]
    assert not Contribution.objects.exists()


def test_a_quotation_is_anchored_with_what_stands_around_it(answer, asha):
    row = answer(asha, exact="one  meal\non each", stance="oppose")
    assert (row.exact, row.prefix[-10:], row.suffix[:11]) == ("one meal on each", "is served ", " school day")


def test_personal_numbers_are_hidden(answer, asha):
    assert "9876543210" not in answer(asha, stance="ask", body="Call me: 9876543210").body


def test_after_the_close_nothing_is_taken_changed_or_taken_back(answer, consultation, asha, bilal):
    row = answer(asha)
    closed(consultation)
    for late in (lambda: answer(bilal), lambda: answer(asha, stance="oppose"), lambda: responding.take_back(row, asha)):
        with pytest.raises(Refused) as refused:
            late()
        assert refused.value.code == "closed"


def test_the_database_knows_one_answer_a_person_and_clause(answer, asha):
    row = answer(asha)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_an_amendment_without_words_is_refused_by_the_database(answer, asha):
    row = answer(asha)
    with pytest.raises(DatabaseError), transaction.atomic():
        Annotation.objects.filter(pk=row.pk).update(stance="amend")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_twenty_clicks_at_once_are_one_answer(answer, label, consultation, asha, guarded):
    """Without the constraint's index and the queue of one's acts, the same clicks are several answers."""
    clause, draft, failed = label("3(1)"), consultation.drafts.get(), []
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE consultations_annotation DROP CONSTRAINT annotation_once_a_person")

    def click() -> None:
        try:
            with pytest.MonkeyPatch.context() as patch:
                if not guarded:
                    patch.setattr(responding, "enter", lambda *_args: None)
                responding.respond(consultation, draft, clause, asha, stance="support")
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = Annotation.objects.count()
    if not guarded:
        Case.objects.filter(annotation__isnull=False).delete()
        Annotation.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE consultations_annotation ADD CONSTRAINT annotation_once_a_person UNIQUE (author_id, clause_id)"
            )
        assert rows > 1
        return
    assert failed == []
    assert rows == 1
    assert counts(clause) == (1, 0, 0, 0)


# -- the pages ---------------------------------------------------------------------------------------
def url(consultation, clause: int, more: str = "response/") -> str:
    return f"{consultation.get_absolute_url()}clauses/{clause}/{more}"


SAID = {"stance": "amend", "proposed": "Every child gets two meals.", "body": "One is not enough.", "exact": ""}


def test_asha_answers_with_and_without_htmx(client, consultation, label, asha):
    client.force_login(asha)
    plain = client.post(url(consultation, label("3(1)")), SAID)
    assert (plain.status_code, plain.url) == (302, url(consultation, label("3(1)"), "#respond"))
    part = client.post(url(consultation, label("3(2)")), SAID, headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert "reference" in part.headers["HX-Trigger"]
    assert Annotation.objects.count() == 2
    page = client.get(url(consultation, label("3(1)"), "")).content.decode()
    assert "<ins>" in page
    assert "Change my response" in page


@pytest.mark.parametrize("htmx", [True, False])
def test_what_was_typed_wrongly_comes_back_with_the_reason(client, consultation, label, asha, htmx):
    client.force_login(asha)
    headers = {"hx-request": "true"} if htmx else {}
    response = client.post(url(consultation, label("3(1)")), {**SAID, "exact": "not there"}, headers=headers)
    assert response.status_code == 422
    assert "Every child gets two meals." in response.content.decode()
    assert "not in the clause" in response.context["form"].errors["exact"][0]


def test_whoever_is_not_signed_in_keeps_their_words(client, consultation, label, asha):
    page = url(consultation, label("3(1)"), "")
    assert b"csrf" not in client.get(page).content
    sent = client.post(
        "/drafts/",
        {**SAID, "draft_key": f"clause:{label('3(1)')}", "next": page},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert sent.status_code == 302
    client.post("/accounts/login/", {"login": "asha@example.org", "password": "mygov-demo"})
    assert "Every child gets two meals." in client.get(page).content.decode()


def test_what_is_being_typed_is_saved(client, consultation, label, asha):
    client.force_login(asha)
    assert client.post(url(consultation, label("3(1)"), "response/draft/"), SAID).content == b"Draft saved."
    assert Typed.objects.get(person=asha).fields["proposed"] == "Every child gets two meals."
    assert "Every child gets two meals." in client.get(url(consultation, label("3(1)"), "")).content.decode()
    client.post(url(consultation, label("3(1)")), SAID)
    assert not Typed.objects.exists()


def test_typing_across_the_deadline_keeps_the_text_and_says_so(client, consultation, label, asha):
    client.force_login(asha)
    closed(consultation)
    response = client.post(url(consultation, label("3(1)")), SAID)
    assert response.status_code == 422
    assert "kept as a draft" in str(response.context["form"].non_field_errors())
    assert Typed.objects.get(person=asha).fields["body"] == "One is not enough."


def test_own_responses_are_listed_and_can_be_taken_back(client, consultation, label, asha, bilal, answer):
    answer(asha)
    answer(bilal, "3(2)")
    client.force_login(asha)
    page = client.get(f"{consultation.get_absolute_url()}responses/")
    assert [one.row.clause_id for one in page.context["rows"]] == [label("3(1)")]
    assert client.get(url(consultation, label("3(1)"), "response/removal/")).status_code == 200
    assert client.get(url(consultation, label("3(2)"), "response/removal/")).status_code == 404
    client.post(url(consultation, label("3(1)"), "response/removal/"))
    assert client.get(f"{consultation.get_absolute_url()}responses/").context["rows"] == []


@pytest.mark.parametrize("more", ["responses/", "clauses/{}/response/", "clauses/{}/response/removal/"])
def test_pages_of_ones_own_lead_to_sign_in(client, consultation, label, more):
    response = client.get(consultation.get_absolute_url() + more.format(label("3(1)")))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


# -- the whole document ------------------------------------------------------------------------------
WHOLE = {"by": "person", "organisation": "", "interest": "", "body": "The rules are good, but too few."}
ORGANISATION = {
    **WHOLE,
    "by": "organisation",
    "organisation": "Parents' Union",
    "interest": "Parents of 900 pupils; paid by its members.",
}


def test_a_whole_response_gets_a_reference_that_anybody_can_look_up(client, consultation, asha):
    client.force_login(asha)
    client.post(f"{consultation.get_absolute_url()}submission/", WHOLE)
    row = Submission.objects.get()
    assert "too few" in Client().get(f"{consultation.get_absolute_url()}submissions/").content.decode()
    found = Client().get(f"/track/?reference={row.contribution.reference}").content.decode()
    assert row.contribution.reference in found
    client.post(f"{consultation.get_absolute_url()}submission/", {**WHOLE, "body": "Changed."})
    assert Submission.objects.get().body == "Changed."
    assert Activity.objects.get().participant_count == 1


@pytest.mark.parametrize(
    ("left_out", "field"), [("organisation", "organisation"), ("interest", "interest"), ("body", "body")]
)
def test_an_organisation_says_who_it_is_and_what_its_interest_is(client, consultation, asha, left_out, field):
    client.force_login(asha)
    response = client.post(f"{consultation.get_absolute_url()}submission/", {**ORGANISATION, left_out: ""})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Submission.objects.exists()


def test_a_confidential_response_shows_that_it_exists_and_no_word_of_it(client, consultation, asha, bilal, meera):
    responding.submit(
        consultation,
        asha,
        **{**ORGANISATION, "confidential": True},
        file=attachments.clean("a.pdf", pdf([["Secret words"]])),
    )
    row = Submission.objects.get()
    client.force_login(bilal)
    page = client.get(f"{consultation.get_absolute_url()}submissions/").content.decode()
    assert "Union" in page
    assert "confidential" in page
    for seen in (page, Client().get(f"/track/?reference={row.contribution.reference}").content.decode()):
        assert "too few" not in seen
    file = f"{consultation.get_absolute_url()}submissions/{row.pk}/file/"
    assert [client.get(file).status_code, Client().get(file).status_code] == [404, 404]
    for person in (asha, meera):
        client.force_login(person)
        assert client.get(file, follow=True).status_code == 200


def test_an_attachment_is_cleaned_and_served_apart(client, consultation, asha):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf([["A response of many words"]]))))
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("evil.exe", b"MZ")
    file = BytesIO()
    writer.write(file)
    assert b"/JavaScript" in file.getvalue()
    client.force_login(asha)
    sent = SimpleUploadedFile("../../résumé <b>.pdf", file.getvalue())
    assert client.post(f"{consultation.get_absolute_url()}submission/", {**WHOLE, "file": sent}).status_code == 302
    row = Submission.objects.get()
    response = Client().get(f"{consultation.get_absolute_url()}submissions/{row.pk}/file/", follow=True)
    assert b"/JavaScript" not in response.content
    assert b"evil.exe" not in response.content
    assert "A response of many words" in PdfReader(BytesIO(response.content)).pages[0].extract_text()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", word(extra={"word/vbaProject.bin": b"x"})), ("a.docx", word(extra={"word/embeddings/a.bin": b"x"})),
        ("a.pdf", pdf([["x"]], encrypt=True)), ("a.svg", b"<svg onload=alert(1)>"), ("a.pdf", b"%PDF-" + bytes(10_000_001)),
        ("a.html", b"<script>"), ("a.docx", word(extra={"../a": b"x"})),
    ],
)  # fmt: skip
def test_a_file_that_could_act_is_refused_beside_its_field(client, consultation, asha, name, data):
    client.force_login(asha)
    response = client.post(
        f"{consultation.get_absolute_url()}submission/", {**WHOLE, "file": SimpleUploadedFile(name, data)}
    )
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert "too few" in response.content.decode()
    assert not Submission.objects.exists()
