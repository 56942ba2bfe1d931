"""Meera brings a text in: she sees what it becomes before it is saved, and corrects what was matched wrongly."""

import time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from commons.core import requests
from consultations.models import Consultation, Draft
from tests.consultations.conftest import LAW, closed
from tests.consultations.test_matching import REVISED
from tests.consultations.test_sources import word


@pytest.fixture
def office(client, meera):
    client.force_login(meera)
    return client


def text_url(consultation) -> str:
    return f"/admin/consultations/consultation/{consultation.pk}/text/"


TYPED = {"stage": "draft", "language": "en", "source": ""}


def test_a_word_file_is_shown_before_it_is_saved(office, make_consultation):
    made = make_consultation(state="draft", text="")
    file = SimpleUploadedFile("law.docx", word())
    response = office.post(text_url(made), {**TYPED, "file": file, "_read": "1"})
    assert response.status_code == 200
    assert "Short title" in response.content.decode()
    assert not made.drafts.exists()
    typed = response.context["form"].initial
    saved = office.post(text_url(made), {**TYPED, "text": typed["text"], "source": typed["source"], "_save": "1"})
    assert saved.status_code == 302
    assert (made.drafts.get().source, made.drafts.get().clause_count) == ("law.docx", 1)


def test_a_refused_file_says_why_beside_the_field_and_writes_nothing(office, make_consultation):
    made = make_consultation(state="draft", text="")
    file = SimpleUploadedFile("law.docx", word(extra={"word/vbaProject.bin": b"x"}))
    response = office.post(text_url(made), {**TYPED, "file": file, "_save": "1"})
    assert response.status_code == 422
    assert "holds macros" in response.context["form"].errors["file"][0]
    assert not made.drafts.exists()


def test_pasted_text_that_is_refused_is_still_there(office, make_consultation):
    made = make_consultation(state="draft", text="")
    response = office.post(text_url(made), {**TYPED, "text": "No clauses, my words", "_read": "1"})
    assert response.status_code == 422
    assert "No clauses, my words" in response.content.decode()


def test_what_was_matched_wrongly_is_corrected_by_hand(office, consultation, label):
    typed = {**TYPED, "stage": "revised", "text": REVISED}
    shown = office.post(text_url(consultation), {**typed, "_read": "1"})
    places = {row["clause"].label: row["at"] for row in shown.context["rows"]}
    office.post(
        text_url(consultation),
        {**typed, f"clause-{places['4']}": "", f"clause-{places['3']}": str(label("3")), "_save": "1"},
    )
    draft = consultation.drafts.get(number=2)
    assert draft.wordings.get(label="3").clause_id == label("3")
    assert draft.wordings.get(label="4").clause.split_from_id == label("3")


def test_the_text_can_be_taken_edited_and_brought_back(office, consultation):
    file = office.get(f"/admin/consultations/consultation/{consultation.pk}/text.md").content.decode()
    office.post(
        text_url(consultation),
        {
            **TYPED,
            "stage": "revised",
            "text": file.replace("noon", "x").replace("1. Short", "1. Very short"),
            "_save": "1",
        },
    )
    draft = consultation.drafts.get(number=2)
    first = consultation.drafts.get(number=1)
    assert dict(draft.wordings.values_list("label", "clause")) == dict(first.wordings.values_list("label", "clause"))
    assert draft.wordings.get(label="1").heading == "Very short title"


def test_a_second_official_publishes_the_revised_draft_from_the_admin(client, consultation, meera, arjun):
    client.force_login(meera)
    client.post(text_url(consultation), {**TYPED, "stage": "revised", "text": REVISED, "_save": "1"})
    draft = closed(consultation).drafts.get(number=2)
    url = f"/admin/consultations/draft/{draft.pk}/publish/"
    assert client.get(url).status_code == 403
    client.force_login(arjun)
    assert "<ins>noon</ins>" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert Draft.objects.get(pk=draft.pk).approver == arjun


@pytest.mark.parametrize("path", ["text/", "text.md"])
def test_another_ministry_finds_no_such_page(client, consultation, dev, path):
    client.force_login(dev)
    assert client.get(f"/admin/consultations/consultation/{consultation.pk}/{path}").status_code == 404


def test_an_upload_of_200_megabytes_is_refused_before_it_is_read(office, consultation, settings):
    class Unread(BytesIO):
        def read(self, *_args):
            raise AssertionError("it was read")

    began = time.monotonic()
    asked = {"CONTENT_LENGTH": "200000000", "wsgi.input": Unread(), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    response = office.post(text_url(consultation), **asked)
    assert response.status_code == 413
    assert time.monotonic() - began < 2
    assert "30 MB" in response.content.decode()


@pytest.mark.parametrize("length", ["-1", "x", "30000001"])
def test_odd_lengths_are_refused(length, rf: RequestFactory, db):
    request = rf.post("/")
    request.META["CONTENT_LENGTH"] = length
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    found = requests.RefuseMalformed(lambda _request: None).process_view(request, None, (), {})
    assert found.status_code == 413


# -- the command ---------------------------------------------------------------------------------
def ran(capsys, *words: str) -> dict:
    import json

    call_command("import_draft", *words)
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_the_command_makes_a_consultation_and_then_its_next_versions(tmp_path, capsys, education, meera):
    file = tmp_path / "law.md"
    file.write_text(LAW)
    counts = ran(capsys, str(file), "--institution", "education")
    assert counts == {
        "consultation": "school-meals-rules", "version": 1, "read": 12, "created": 12, "split": 0, "unchanged": 0,
        "changed": 0, "removed": 0, "left_out": 0,
    }  # fmt: skip
    made = Consultation.objects.get()
    assert (made.state, made.author) == ("draft", meera)
    again = ran(capsys, str(file), "--institution", "education")
    assert (again["version"], again["unchanged"]) == (None, 12)
    file.write_text(REVISED)
    next_one = ran(capsys, str(file), "--institution", "education", "--consultation", made.slug)
    assert (next_one["version"], next_one["created"], next_one["removed"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("name", "text", "institution", "slug"),
    [
        ("law.md", "<script>", "education", ""),
        ("law.md", LAW, "nowhere", ""),
        ("law.md", LAW, "education", "nothing"),
        ("", "", "education", ""),
    ],
)
def test_the_command_refuses_with_a_reason_and_writes_nothing(
    tmp_path, education, meera, name, text, institution, slug
):
    file = tmp_path / (name or "missing.md")
    if name:
        file.write_text(text)
    with pytest.raises(CommandError):
        call_command("import_draft", str(file), "--institution", institution, "--consultation", slug)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("state", ["draft", "in_review", "published"])
def test_the_page_of_a_consultation_leads_to_its_text(office, make_consultation, state):
    made = make_consultation(state=state)
    page = office.get(f"/admin/consultations/consultation/{made.pk}/change/")
    assert page.status_code == 200
    assert text_url(made) in page.content.decode()


def test_whoever_writes_a_new_consultation_finds_every_field(office):
    page = office.get("/admin/consultations/consultation/add/").content.decode()
    for name in (
        "title_0",
        "note_1",
        "justification_0",
        "instrument",
        "documents-0-link",
        "steps-0-day",
        "closes_at_0",
    ):
        assert f'name="{name}"' in page or name.startswith(("documents", "steps"))
