"""What no browser sends, to every address of consultations that takes a form: refused or harmless, never an error of ours."""

import pytest
from django.test import Client
from django.urls import reverse

from consultations import responding
from consultations.models import Annotation, Submission, Theme
from tests.consultations.test_responding import WHOLE
from tests.security.conftest import undone
from tests.security.test_malformed import BODIES, FORM, VALUES, encoded

FIELDS = [
    "stance", "exact", "proposed", "body", "by", "organisation", "interest", "confidential", "theme", "new", "response", "whole", "all",
    "into", "title", "words", "answer", "clause", "begin", "end", "decision", "reason", "summary", "change", "quotes", "row",
    "text", "stage", "language", "source", "clause-1", "_save", "_read", "note", "draft_key", "next",
]  # fmt: skip
REFUSED = ["5,000 fields", "10,000 files", "5,000 parts", "null in a part", "1 MB name", "2 MB"]


@pytest.fixture
def addresses(consultation, label, answer, asha):
    """Every address of this consultation that a form is sent to, with rows behind it."""
    row = answer(asha, stance="ask", body="Why one meal?")
    whole = responding.submit(consultation, asha, **WHOLE)
    Theme.objects.create(consultation=consultation, title="Meals")
    site, clause = consultation.get_absolute_url(), f"clauses/{label('3(1)')}/response/"
    own = [clause, f"{clause}draft/", f"{clause}removal/", "submission/", "workbench/themes/", "workbench/merger/", "workbench/campaigns/",
           f"workbench/questions/{row.pk}/", f"workbench/places/{row.pk}/", "workbench/row/", "workbench/publication/",
           f"submissions/{whole.pk}/file/"]  # fmt: skip
    admin = f"/admin/consultations/consultation/{consultation.pk}/"
    return [*(site + path for path in own), f"{admin}text/", f"{admin}change/", reverse("people:draft")]


@pytest.fixture
def sent(addresses, asha, meera):
    """Sends one body to every address as each of them; what came back, by address."""

    def send(body: bytes, content_type: str = FORM) -> dict[str, int]:
        found = {}
        for person in (None, asha, meera):
            client = Client(raise_request_exception=False)
            if person:
                client.force_login(person)
            for path in addresses:
                with undone():
                    found[f"{person} {path}"] = client.generic("POST", path, body, content_type).status_code
                    for model in (Annotation, Submission):
                        assert not [1 for one in model.objects.all() if "\ud800" in str(vars(one))]
        assert len(found) == 3 * len(addresses)
        return found

    return send


def broken(found: dict[str, int]) -> dict[str, int]:
    return {path: status for path, status in found.items() if status >= 500}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BODIES)
def test_bodies_no_form_makes(sent, kind):
    content_type, body = BODIES[kind]
    found = sent(body, content_type)
    assert broken(found) == {}
    if kind in REFUSED:
        assert {path: status for path, status in found.items() if not 400 <= status < 500} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("value", VALUES)
def test_hostile_values_in_every_field(sent, value):
    text = encoded(VALUES[value][:3000])
    found = sent("&".join(f"{name}={text}" for name in FIELDS).encode())
    assert broken(found) == {}
    if value == "null":
        assert {path: status for path, status in found.items() if status != 400} == {}
