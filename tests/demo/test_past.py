"""Moments of the seed become moments of the story, and only those."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from commons.activities.models import Activity
from commons.audit.models import Entry
from commons.audit.record import record
from mygov.demo.past import FAR, Past

pytestmark = pytest.mark.django_db
NEAR = timedelta(seconds=5)


def test_what_is_written_gets_the_moment_the_story_has_come_to(discussion, asha):
    past = Past()
    days = [timedelta(days=90), timedelta(days=30), timedelta(hours=1)]
    for ago in days:
        past.come_to(past.began - ago)
        record("test.act", discussion, by=asha)
    past.settle()

    moments = list(Entry.objects.filter(verb="test.act").order_by("pk").values_list("at", flat=True))
    assert [timedelta(0) <= moment - (past.began - ago) < NEAR for moment, ago in zip(moments, days, strict=True)] == [
        True, True, True
    ]  # fmt: skip


def test_a_moment_inside_a_record_moves_with_it(discussion, asha):
    past = Past()
    past.come_to(past.began - timedelta(days=10))
    record("test.act", discussion, by=asha, after={"when": timezone.now().isoformat(), "words": "2026", "n": 3})
    past.settle()

    after = Entry.objects.get(verb="test.act").after
    assert after["when"][:10] == (past.began - timedelta(days=10)).isoformat()[:10]
    assert (after["words"], after["n"]) == ("2026", 3)


def test_what_a_verb_was_told_stays_and_what_was_sent_far_away_comes_back(make_discussion):
    past = Past()
    coming, gone = past.began + timedelta(days=4), past.began - timedelta(days=3)
    make_discussion("coming", closes_at=past.planned(coming))
    long_ago = past.began - timedelta(days=20)
    make_discussion("gone", published_at=long_ago, opens_at=long_ago, closes_at=past.planned(gone))
    assert Activity.objects.get(slug="gone").closes_at == gone + FAR
    past.come_to(past.began - timedelta(days=10))
    past.settle()

    assert Activity.objects.get(slug="coming").closes_at == coming
    assert Activity.objects.get(slug="gone").closes_at == gone


def test_a_story_goes_neither_back_nor_beyond_now():
    past = Past()
    past.come_to(past.began - timedelta(days=2))

    with pytest.raises(ValueError, match="back"):
        past.come_to(past.began - timedelta(days=3))
    with pytest.raises(ValueError, match="beyond"):
        past.come_to(past.began + timedelta(minutes=1))


def test_append_only_tables_are_closed_again_afterwards(discussion, asha):
    past = Past()
    past.come_to(past.began - timedelta(days=2))
    record("test.act", discussion, by=asha)
    past.settle()

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Entry.objects.update(words="changed")
