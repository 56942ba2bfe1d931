"""Meera puts responses under themes and writes rows; Arjun publishes; everybody who responded is answered."""

import csv
import zipfile
from io import BytesIO, StringIO

import docx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from pypdf import PdfReader

from commons.activities import lifecycle
from commons.activities.models import Contribution, Disposition, Outcome
from commons.people.models import User
from consultations import campaigns, matrix, responding
from consultations.exports import making
from consultations.exports.lines import inert
from consultations.models import Annotation, Campaign, Consultation, Export, MatrixRow, Theme
from mygov.notifications import telling
from mygov.notifications.models import Notification
from tests.cast import person
from tests.consultations.conftest import both, closed


@pytest.fixture
def crowd(db):
    return [person(f"citizen{n}") for n in range(7)]


@pytest.fixture
def said(consultation, label, crowd, asha):
    """Seven oppose rule 3 for one reason, two ask about rule 2, Asha answers the whole."""
    draft = consultation.drafts.get()
    for n, by in enumerate(crowd):
        responding.respond(
            consultation,
            draft,
            label("3(1)"),
            by,
            stance="oppose",
            body=f"One o'clock is too late for small children, number {n}.",
        )
    for by in crowd[:2]:
        responding.respond(consultation, draft, label("2(b)"), by, stance="ask", body="What about mobile kitchens?")
    responding.submit(
        consultation,
        asha,
        by="organisation",
        organisation="Parents' Union",
        interest="900 parents",
        body="=cmd|' /C calc'!A0",
    )
    return closed(consultation)


def row(consultation, by, clause=None, theme=None, **more):
    said = {
        "summary": both("Too late for small children.", "छोटे बच्चों के लिए देर।"), "response": both("Noon it is.", "अब दोपहर बारह बजे।"),
        "decision": "accepted",
    }  # fmt: skip
    made = MatrixRow(consultation=consultation, clause_id=clause, theme=theme, **{**said, **more})
    matrix.write_row(made, by)
    return made


@pytest.fixture
def answered(said, label, meera):
    row(said, meera, label("3"))
    row(said, meera, None, None, decision="not_accepted", reason="policy", response=both("We keep it.", "हम इसे रखते हैं।"))
    return said


def test_five_people_without_a_row_keep_it_from_being_published(said, label, meera, arjun):
    row(said, meera, None, None)
    assert [(gap.clause, gap.people) for gap in matrix.gaps(said)] == [(label("3"), 7)]
    with pytest.raises(ValidationError, match="7 people"):
        matrix.publish(said, arjun)
    row(said, meera, label("3"))
    matrix.publish(said, arjun)
    assert Consultation.objects.get().matrix_at


def test_nobody_is_left_without_an_answer(said, label, meera, arjun):
    row(said, meera, label("3"))
    with pytest.raises(ValidationError, match="everything else"):
        matrix.publish(said, arjun)


def test_a_theme_of_five_needs_a_row_of_its_own(said, label, meera, arjun):
    matrix.assign(
        said,
        meera,
        annotations=list(Annotation.objects.filter(stance="oppose").values_list("pk", flat=True)),
        submissions=[],
        title="Time",
    )
    row(said, meera, label("3"))
    row(said, meera)
    assert [(gap.title, gap.people) for gap in matrix.gaps(said)] == [("Time", 7)]
    row(said, meera, label("3"), Theme.objects.get())
    assert matrix.gaps(said) == []


def test_whoever_wrote_a_row_does_not_publish(answered, label, arjun):
    row(answered, arjun, label("1"))
    with pytest.raises(PermissionDenied):
        matrix.publish(answered, arjun)


@pytest.mark.parametrize("who", ["meera", "dev", "asha"])
def test_only_an_approver_of_the_institution_publishes(answered, who, request):
    with pytest.raises(PermissionDenied):
        matrix.publish(answered, request.getfixturevalue(who))


def test_it_is_not_published_while_people_respond(consultation, arjun):
    with pytest.raises(ValidationError):
        matrix.publish(consultation, arjun)


def test_an_outcome_waits_for_the_matrix(answered, meera, arjun):
    outcome = Outcome(activity=answered, headline=both("Earlier meals"), body=both("x"))
    lifecycle.write_outcome(outcome, meera)
    with pytest.raises(ValidationError, match="matrix"):
        lifecycle.publish_outcome(outcome, arjun)
    matrix.publish(answered, arjun)
    lifecycle.publish_outcome(outcome, arjun)
    assert Outcome.objects.get().published_at


def test_every_respondent_gets_the_answer_of_their_row_in_their_language(answered, label, crowd, arjun, asha):
    User.objects.filter(pk=crowd[3].pk).update(language="hi")  # what it was written in may be another
    matrix.publish(answered, arjun)
    assert matrix.tell_all() == 10
    assert matrix.tell_all() == 0
    assert Disposition.objects.count() == Contribution.objects.count() == 10
    assert not Contribution.objects.filter(standing="received").exists()
    opposed = Disposition.objects.get(
        contribution__annotation__author=crowd[3], contribution__annotation__stance="oppose"
    )
    assert (opposed.standing, opposed.words) == ("adopted", "अब दोपहर बारह बजे।")
    asked = Disposition.objects.get(contribution__annotation__author=crowd[0], contribution__annotation__stance="ask")
    assert (asked.standing, asked.reason, asked.words) == ("not_adopted", "policy", "We keep it.")
    assert Disposition.objects.get(contribution__submission__author=asha).standing == "not_adopted"
    while telling.expand() == 100:
        pass
    told = set(Notification.objects.filter(event="disposed").values_list("person", flat=True))
    assert told == {one.pk for one in [*crowd, asha]}


def test_telling_goes_on_where_it_stopped(answered, arjun, monkeypatch):
    matrix.publish(answered, arjun)
    monkeypatch.setattr(matrix, "BATCH", 3)
    real, calls = matrix.dispose, []

    def dies(*args):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the worker died")
        real(*args)

    monkeypatch.setattr(matrix, "dispose", dies)
    with pytest.raises(RuntimeError):
        matrix.tell_all()
    assert Disposition.objects.count() == 3
    assert matrix.tell_all() == 7
    assert Disposition.objects.count() == 10


def test_rows_count_people_and_organisations(answered, label, arjun):
    matrix.publish(answered, arjun)
    counted = {one.clause_id: (one.people, one.organisations) for one in MatrixRow.objects.all()}
    assert counted == {label("3"): (7, 0), None: (2, 1)}


@pytest.mark.parametrize("more", [{"decision": "not_accepted"}, {"decision": "referred"}])
def test_a_no_needs_a_reason_and_a_referral_a_place(said, label, meera, more):
    with pytest.raises(ValidationError):
        row(said, meera, label("3"), **more)
    with pytest.raises(DatabaseError), transaction.atomic():
        MatrixRow.objects.create(consultation=said, summary="x", response="x", officer=meera, **more)


def test_near_duplicates_are_one_campaign_and_none_is_deleted(said, crowd):
    assert campaigns.find(said) == 1
    found = Campaign.objects.get()
    assert (found.people, found.distinct, found.distinctness) == (7, 7, 100)
    assert Annotation.objects.filter(campaign=found).count() == 7
    assert Annotation.objects.count() == 9


def test_a_form_letter_is_told_from_texts_of_ones_own():
    letter = "We demand that meals be served at noon in every school of this district without exception."
    texts = [(n, letter) for n in range(50)] + [
        (60, letter.replace("noon", "twelve")),
        (70, "Please put the kitchen where the smoke does not reach the youngest children."),
    ]
    assert campaigns.grouped(texts) == [[*range(50), 60]]


# -- the pages ---------------------------------------------------------------------------------------
def at(consultation, more: str) -> str:
    return f"{consultation.get_absolute_url()}{more}"


@pytest.mark.parametrize("more", ["workbench/", "workbench/row/", "workbench/publication/"])
def test_the_workbench_is_its_officials_alone(client, said, asha, dev, mod, meera, more):
    assert client.get(at(said, more)).status_code == 302
    for somebody, status in ((asha, 404), (dev, 404), (mod, 404), (meera, 200)):
        client.force_login(somebody)
        assert client.get(at(said, more)).status_code == status


@pytest.mark.parametrize("more", ["themes/", "merger/", "campaigns/", "row/", "publication/"])
def test_others_change_nothing_at_the_workbench(client, said, dev, more):
    client.force_login(dev)
    assert client.post(at(said, f"workbench/{more}")).status_code == 404
    assert not Theme.objects.exists()


def test_meera_works_from_responses_to_a_published_matrix(client, said, label, meera, arjun):
    client.force_login(meera)
    bench = at(said, "workbench/")
    assert len(client.get(f"{bench}?stance=oppose").context["rows"]) == 7
    client.post(f"{bench}themes/?stance=oppose", {"new": "Time of serving", "all": "1"})
    theme = Theme.objects.get()
    assert theme.annotations.count() == 7
    assert client.get(bench).context["gaps"][0].title == "Time of serving"
    quote = Annotation.objects.filter(stance="oppose").first()
    typed = {
        "summary_0": "Too late.", "summary_1": "देर।", "response_0": "Noon.", "response_1": "बारह बजे।", "decision": "accepted",
        "reason": "", "referred_to": "", "quotes": [str(quote.pk)],
    }  # fmt: skip
    wrong = client.post(f"{bench}row/?clause={label('3')}&theme={theme.pk}", {**typed, "decision": "not_accepted"})
    assert wrong.status_code == 422
    assert "Too late." in wrong.content.decode()
    assert client.post(f"{bench}row/?clause={label('3')}&theme={theme.pk}", typed).status_code == 302
    assert client.post(f"{bench}row/", {**typed, "quotes": []}).status_code == 302
    refused = client.post(f"{bench}publication/")
    assert refused.status_code in {403, 422}
    client.force_login(arjun)
    assert client.post(f"{bench}publication/").status_code == 302
    page = Client().get(at(said, "matrix/")).content.decode()
    assert "Noon." in page
    assert quote.body in page.replace("&#x27;", "'")
    assert "बारह बजे।" in Client().get("/hi" + at(said, "matrix/")).content.decode()


def test_the_matrix_is_not_seen_before_it_is_published(client, said):
    for more in ("matrix/", "matrix.csv", "matrix.xlsx", "matrix.pdf", "matrix.docx"):
        assert client.get(at(said, more)).status_code == 404


@pytest.mark.parametrize("asked", ["clause=x", "theme=x", "region=" + "9" * 9 + "x", "like=%00", "campaign=-1"])
def test_odd_filters_are_not_found(client, said, meera, asked):
    client.force_login(meera)
    assert client.get(at(said, f"workbench/?{asked}")).status_code in {200, 400, 404}


def test_themes_are_merged_and_suggested(client, said, meera):
    matrix.assign(
        said,
        meera,
        annotations=[Annotation.objects.filter(stance="oppose").earliest("pk").pk],
        submissions=[],
        title="Time",
    )
    matrix.assign(said, meera, annotations=[], submissions=[], title="Hours")
    client.force_login(meera)
    time, hours = Theme.objects.get(title="Time"), Theme.objects.get(title="Hours")
    assert len(client.get(at(said, f"workbench/?like={time.pk}")).context["rows"]) == 6
    client.post(at(said, "workbench/merger/"), {"theme": time.pk, "into": hours.pk})
    assert hours.annotations.count() == 1
    assert Theme.objects.get(title="Time").merged_into == hours


# -- the files ---------------------------------------------------------------------------------------
@pytest.fixture
def files(answered, arjun):
    MatrixRow.objects.filter(clause=None).update(summary=LazyI18nString({"en": "=1+1", "hi": "=1+1"}))
    matrix.publish(answered, arjun)
    assert making.make_due() == 8
    assert making.make_due() == 0
    return lambda kind, language="": b"".join(
        Client().get(f"{language}{at(answered, f'matrix.{kind}')}").streaming_content
    )


def test_the_table_for_spreadsheets_holds_no_formula(files):
    rows = list(csv.reader(StringIO(files("csv").decode("utf-8-sig"))))
    assert [row[4] for row in rows] == ["What was said", "Too late for small children.", "'=1+1"]
    with zipfile.ZipFile(BytesIO(files("xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet


@pytest.mark.parametrize("text", ["=x", "+x", "-x", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_could_run_is_inert(text):
    assert inert(text) == "'" + text
    assert inert("x=1") == "x=1"


def test_the_pdf_is_tagged_and_speaks_hindi(files):
    reader = PdfReader(BytesIO(files("pdf", "/hi")))
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    assert reader.root_object["/Lang"] == "hi"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert len({font["/BaseFont"] for font in fonts}) >= 2  # Latin and Devanagari, both in the file
    assert any("\u0900" <= sign <= "\u097f" for sign in reader.pages[0].extract_text())


def test_the_annex_is_a_word_table(files):
    table = docx.Document(BytesIO(files("docx"))).tables[0]
    assert table.rows[1].cells[4].text == "Too late for small children."


def test_a_file_that_is_not_made_yet_says_how_far_it_is(client, answered, arjun):
    matrix.publish(answered, arjun)
    response = client.get(at(answered, "matrix.pdf"))
    assert response.status_code == 202
    assert "0 of 2 rows" in response.content.decode()


def test_a_file_whose_worker_died_is_made_by_the_next_and_only_then(answered, arjun):
    matrix.publish(answered, arjun)
    Export.objects.update(claimed_at=timezone.now())
    assert making.make_due() == 0
    Export.objects.update(claimed_at=timezone.now() - making.CLAIM * 2)
    assert making.make_due() == 8


def test_the_board_says_who_consulted_and_how(client, answered, arjun):
    matrix.publish(answered, arjun)
    page = client.get("/consultations/compliance/")
    assert page.status_code == 200
    assert [(one["days"], one["short"]) for one in page.context["rows"]] == [(49, False)]
    assert client.get("/hi/consultations/compliance/").status_code == 200


def test_a_question_is_answered_in_public_and_its_author_is_told(client, said, label, crowd, meera, dev):
    row = Annotation.objects.filter(stance="ask").earliest("pk")
    url = at(said, f"workbench/questions/{row.pk}/")
    client.force_login(dev)
    assert client.post(url, {"words_0": "x", "words_1": "x"}).status_code == 404
    client.force_login(meera)
    assert client.post(url, {"words_0": " ", "words_1": " "}).status_code == 422
    assert client.post(url, {"words_0": "They are kitchens too.", "words_1": "वे भी रसोई हैं।"}).status_code == 302
    assert "They are kitchens too." in Client().get(at(said, f"clauses/{label('2(b)')}/")).content.decode()
    while telling.expand() == 100:
        pass
    assert Notification.objects.get(event="official answer").person == crowd[0]
