"""Queries put into SQL once give what the QuerySet gives; PostgreSQL keeps their plans."""

from concurrent.futures import ThreadPoolExecutor

import pghistory
import pytest
from django.db import connection
from django.db.models import CharField, SlugField
from django.test.utils import CaptureQueriesContext

from commons.activities.models import Activity
from commons.core.compiled import Compiled, Given
from commons.directory.models import Institution
from commons.people.models import User


def by_slug() -> Compiled[Activity]:
    return Compiled(lambda: Activity.objects.for_page().filter(slug=Given("slug", SlugField())))


def test_it_gives_the_same_rows_with_what_is_loaded_with_them(make_discussion, group):
    make_discussion("one", group=group)
    make_discussion("two")
    compiled = by_slug()
    for slug in ("one", "two", "one"):
        plain = Activity.objects.for_page().get(slug=slug)
        with CaptureQueriesContext(connection) as asked:
            found = compiled.rows(slug=slug)
            assert [str(row.title) for row in found] == [str(plain.title)]
            assert found[0].institution == plain.institution
            assert found[0].group == plain.group
            assert found[0].has_changes is False
            assert found[0].closes_at == plain.closes_at
        assert len(asked) == 1
    assert compiled.rows(slug="three") == []


def test_a_value_that_is_missing_is_an_error(db):
    with pytest.raises(KeyError):
        by_slug().rows()


def test_hostile_values_are_values(discussion):
    assert by_slug().rows(slug="' OR 1=1 --") == []


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_its_own_connection(make_discussion):
    make_discussion("one")
    compiled = by_slug()
    compiled.rows(slug="one")

    def ask(_number: int) -> str:
        try:
            return compiled.rows(slug="one")[0].slug
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(8))) == ["one"] * 8


def test_what_is_asked_again_is_planned_once(discussion):
    statement = Compiled(lambda: User.objects.filter(display_name=Given("name", CharField())))
    for _ in range(8):
        statement.rows(name="Asha")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%display_name\" = ($1)'")
        assert cursor.fetchone() == (1,)


def test_writing_in_a_history_context_still_names_its_author(education, asha):
    with pghistory.context(user=asha.pk):
        for n in range(7):
            Institution.objects.filter(pk=education.pk).update(website=f"https://{n}.example")
    versions = education.events.filter(pgh_label="update").select_related("pgh_context")
    assert [version.pgh_context.metadata["user"] for version in versions] == [asha.pk] * 7
