"""A new version's clauses are found among the old ones: by id, then by text. Identical changes nothing."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.audit.models import Entry
from consultations import drafting, matching, outline
from consultations.matching import Old
from consultations.models import Clause
from tests.consultations.conftest import LAW, brought, closed

REVISED = LAW.replace("before one o'clock", "before noon").replace(
    "## 3. Serving",
    "## 3. Kitchens\n\nEvery kitchen is inspected once in each month by the block officer.\n\n## 4. Serving",
)


def old_of(clauses) -> list[Old]:
    return [Old(at + 1, c.depth, c.number, c.label, c.heading, c.text) for at, c in enumerate(clauses)]


def compared(old: str, new: str):
    before, after = outline.read(old).clauses, outline.read(new).clauses
    return after, matching.match(old_of(before), after, [c.given for c in after])


def test_an_inserted_rule_renumbers_the_next_and_loses_none():
    after, matches = compared(LAW, REVISED)
    found = {clause.label: match for clause, match in zip(after, matches, strict=True)}
    before = {c.label: at + 1 for at, c in enumerate(outline.read(LAW).clauses)}
    assert found["3"].how == "new"
    assert found["4"].clause == before["3"]
    assert found["4(1)"].clause == before["3(1)"]
    assert found["4(2)"].clause == before["3(2)"]
    assert found["First Schedule"].clause == before["First Schedule"]


def test_a_split_rule_goes_on_in_one_part_and_the_other_says_where_it_comes_from():
    split = LAW.replace("(2) The teacher in charge tastes", "\n## 4. Tasting\n\nThe teacher in charge tastes")
    old = LAW.replace("(2) The teacher in charge tastes", "The teacher in charge tastes")
    after, matches = compared(old, split)
    found = {clause.label: match for clause, match in zip(after, matches, strict=True)}
    before = {c.label: at + 1 for at, c in enumerate(outline.read(old).clauses)}
    assert found["3"].clause == before["3"]
    assert (found["4"].clause, found["4"].how) == (None, "new")


def test_a_mark_decides_over_text_and_number():
    text = "## 1. One {#c2}\n\nAbout apples and pears in the garden.\n\n## 2. Two {#c1}\n\nAbout trains and buses in the town."
    old = [
        Old(1, 0, "1", "1", "One", "About apples and pears in the garden."),
        Old(2, 0, "2", "2", "Two", "About trains and buses in the town."),
    ]
    after = outline.read(text).clauses
    matches = matching.match(old, after, [c.given for c in after])
    assert [(m.clause, m.how) for m in matches] == [(2, "id"), (1, "id")]


sentence = st.lists(st.sampled_from(["every", "child", "eats", "one", "warm", "meal", "daily", "before", "noon", "under", "this", "rule"]), min_size=1, max_size=12).map(" ".join)  # fmt: skip
rule = st.tuples(sentence, st.lists(sentence, max_size=3))


def law_of(rules) -> str:
    parts = []
    for n, (heading, items) in enumerate(rules, start=1):
        parts.append(f"## {n}. {heading}")
        parts += [f"({m}) {item}" for m, item in enumerate(items, start=1)]
    return "\n\n".join(parts)


@given(st.lists(rule, min_size=1, max_size=8))
def test_an_identical_text_is_found_whole_and_in_order(rules):
    clauses = outline.read(law_of(rules)).clauses
    matches = matching.match(old_of(clauses), clauses, [None] * len(clauses))
    assert [m.clause for m in matches] == list(range(1, len(clauses) + 1))


@given(st.lists(rule, min_size=1, max_size=6), st.lists(rule, min_size=1, max_size=6))
def test_no_old_clause_is_found_twice_and_the_same_twice_is_the_same(first, second):
    before, after = old_of(outline.read(law_of(first)).clauses), outline.read(law_of(second)).clauses
    matches = matching.match(before, after, [None] * len(after))
    found = [m.clause for m in matches if m.clause]
    assert len(found) == len(set(found))
    assert matches == matching.match(before, after, [None] * len(after))


@pytest.mark.django_db
@settings(max_examples=15)
@given(rules=st.lists(rule, min_size=1, max_size=6))
def test_bringing_the_same_text_again_changes_nothing(rules):
    from commons.directory.models import Institution, Post
    from consultations.models import Consultation
    from tests.cast import person

    place, _new = Institution.objects.get_or_create(code="body", defaults={"name": "Body"})
    post = Post.objects.filter(institution=place).select_related("person").first()
    by = post.person if post else person("nina", is_staff=True)
    Post.objects.get_or_create(person=by, role="author", institution=place)
    made = Consultation.objects.create(slug=f"law-{Consultation.objects.count()}", institution=place, title="A law")
    draft = brought(made, by, law_of(rules))
    rows = list(draft.wordings.values_list("clause", "label", "text", "position"))
    assert brought(made, by, law_of(rules)) is None
    assert brought(made, by, drafting.as_markdown(draft)) is None
    assert list(made.drafts.get().wordings.values_list("clause", "label", "text", "position")) == rows


def test_before_it_is_published_a_new_text_replaces_the_old_and_keeps_its_clauses(make_consultation, meera):
    made = make_consultation(state="draft")
    before = dict(made.drafts.get().wordings.values_list("label", "clause"))
    draft = brought(made, meera, REVISED)
    assert (draft.number, made.drafts.count()) == (1, 1)
    assert dict(draft.wordings.values_list("label", "clause"))["4(1)"] == before["3(1)"]


def test_a_clause_nobody_has_any_more_goes(make_consultation, meera):
    made = make_consultation(state="draft")
    brought(made, meera, "## 1. Something else\n\nEntirely.")
    assert Clause.objects.filter(consultation=made).count() == 1


def test_after_publishing_a_new_text_is_a_new_version_that_waits(consultation, meera, arjun, client):
    draft = brought(consultation, meera, REVISED, stage="revised")
    assert (draft.number, draft.published_at) == (2, None)
    assert "before noon" not in client.get(consultation.get_absolute_url() + "?all=1").content.decode()
    assert client.get(consultation.get_absolute_url() + "?version=2").status_code == 404
    drafting.publish(draft_of(closed(consultation)), arjun)
    assert "before noon" in client.get(consultation.get_absolute_url() + "?all=1").content.decode()
    assert "before one" in client.get(consultation.get_absolute_url() + "?version=1&all=1").content.decode()


def draft_of(consultation):
    return consultation.drafts.get(number=2)


def test_a_later_version_is_not_published_while_people_answer(consultation, meera, arjun):
    draft = brought(consultation, meera, REVISED, stage="revised")
    with pytest.raises(ValidationError):
        drafting.publish(draft, arjun)


def test_nobody_publishes_what_they_brought_in(consultation, arjun):
    draft = brought(consultation, arjun, REVISED, stage="revised")
    closed(consultation)
    with pytest.raises(PermissionDenied):
        drafting.publish(draft, arjun)


def test_another_ministry_brings_nothing_in(consultation, dev):
    with pytest.raises(PermissionDenied):
        brought(consultation, dev, REVISED, stage="revised")


def test_whoever_brought_the_text_in_does_not_approve_it(make_consultation, arjun):
    from commons.activities import rules

    made = make_consultation(state="draft")
    assert rules.may_approve(arjun, made)
    brought(made, arjun, REVISED)
    assert not rules.may_approve(arjun, made)
    assert Entry.objects.filter(activity_id=made.pk, verb="activity.edit", actor=arjun).exists()


def test_what_was_chosen_by_hand_decides(consultation):
    proposal = drafting.propose(consultation, outline.read(REVISED))
    labels = [c.label for c in proposal.outline.clauses]
    old = {one.label: one.clause for one in proposal.old}
    corrected = drafting.correct(proposal, {labels.index("4"): None, labels.index("3"): old["3"]})
    assert corrected.matches[labels.index("3")].clause == old["3"]
    assert corrected.matches[labels.index("4")].clause is None
    with pytest.raises(ValidationError):
        drafting.correct(proposal, {labels.index("3"): old["3"]})
    with pytest.raises(ValidationError):
        drafting.correct(proposal, {0: 999_999})
