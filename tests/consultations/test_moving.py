"""What people quoted moves to the next version: exactly, nearly, or kept and marked. None is lost."""

import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import anchoring, drafting, moving, responding
from consultations.anchoring import Anchor
from consultations.models import Annotation, Placement
from tests.consultations.conftest import LAW, brought, closed

TEXT = "Every child present is served one meal on each school day before one o'clock."


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_whatever_is_quoted_is_found_again_in_the_same_text(one, other):
    begin, end = sorted((one, other))
    found = anchoring.anchor(TEXT, TEXT[begin:end])
    assert found is not None
    where = anchoring.place(TEXT, found)
    assert where.how == "exact"
    assert found.exact == "" or TEXT[where.begin : where.end] == found.exact


def test_what_stands_around_a_quotation_tells_its_two_places_apart():
    text = "The school serves a meal. The anganwadi serves a meal. Both serve a meal."
    begin = text.index("a meal", 30)
    quote = Anchor("a meal", text[begin - 32 : begin], text[begin + 6 : begin + 38])
    assert anchoring.place("New words first. " + text, quote).begin == begin + 17


def test_a_changed_passage_is_found_nearly_and_a_foreign_one_not_at_all():
    quote = Anchor("one meal on each school day before one o'clock")
    near = anchoring.place("Every child is served one hot meal on each school day before one o'clock.", quote)
    assert (near.how, near.score > 80) == ("fuzzy", True)
    assert (
        anchoring.place("The teacher in charge keeps a register of books that were borrowed.", quote).how == "unplaced"
    )


@pytest.fixture
def said(consultation, label, asha, bilal):
    draft = consultation.drafts.get()
    for by, name, exact in (
        (asha, "3(1)", "one meal on each school day"), (bilal, "3(1)", ""), (asha, "3(2)", "tastes the meal half an hour before"),
        (bilal, "2(a)", "a hot cooked meal served"), (asha, "1(2)", "first day of April"),
    ):  # fmt: skip
        responding.respond(consultation, draft, label(name), by, stance="oppose", exact=exact)


def test_publishing_a_revision_places_every_response(consultation, label, said, meera, arjun):
    text = LAW.replace("## 3. Serving", "## 3. Kitchens\n\nEach kitchen is inspected monthly.\n\n## 4. Serving")
    text = text.replace("tastes the meal half an hour before", "tastes each meal half an hour before").replace(
        "(2) They come into force on the first day of April 2027.\n", ""
    )
    draft = brought(consultation, meera, text, stage="revised")
    drafting.publish(type(draft).objects.select_related("consultation").get(pk=draft.pk), arjun) if closed(
        consultation
    ) else None
    placed = {row.annotation.clause_id: row for row in Placement.objects.select_related("annotation").order_by("-pk")}
    assert Placement.objects.count() == Annotation.objects.count() == 5
    assert (placed[label("3(1)")].how, placed[label("3(1)")].clause_id) == ("exact", label("3(1)"))
    assert placed[label("3(2)")].how == "fuzzy"
    assert (placed[label("1(2)")].how, placed[label("1(2)")].clause_id) == ("unplaced", None)
    assert moving.move_all(draft) == {"exact": 3, "fuzzy": 1, "unplaced": 1}


def test_ten_thousand_quotations_move_to_a_redraft_and_none_is_lost(capsys):
    """A fifth of 500 clauses is edited. The same again gives the same."""
    rng = random.Random(7)
    words = [
        "child",
        "school",
        "meal",
        "kitchen",
        "teacher",
        "parent",
        "village",
        "water",
        "grain",
        "milk",
        "officer",
        "month",
        "day",
        "report",
        "fund",
        "state",
    ]
    texts = {n: " ".join(rng.choice(words) for _w in range(60)) + f" in rule {n}." for n in range(1, 501)}
    quoted = []
    for pk in range(10_000):
        clause = rng.randint(1, 500)
        begin = rng.randint(0, len(texts[clause]) - 60)
        quoted.append(moving.Quoted(pk, clause, anchoring.anchor(texts[clause], texts[clause][begin : begin + 50])))
    later = dict(texts)
    for clause in rng.sample(sorted(texts), 100):
        parts = later[clause].split()
        for _n in range(6):
            parts[rng.randrange(len(parts))] = rng.choice(words)
        later[clause] = " ".join(parts)
    mover = moving.Mover(later, {})
    found = [mover.move(one) for one in quoted]
    shares = {how: sum(where.how == how for _clause, where in found) for how in ("exact", "fuzzy", "unplaced")}
    with capsys.disabled():
        sys.stdout.write(f"\n10,000 quotations, a fifth of 500 clauses edited: {shares}\n")
    assert sum(shares.values()) == 10_000
    assert shares["exact"] > 8000
    assert shares["unplaced"] < 500
    assert found == [moving.Mover(later, {}).move(one) for one in quoted]
