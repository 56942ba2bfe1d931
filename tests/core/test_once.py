"""What is drawn once: the same for everybody, and anew for other values."""

import time
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from commons.activities import cards
from commons.activities.models import Activity
from commons.core import clock
from commons.core.once import MOST, plain


class Counter:
    """Says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __str__(self) -> str:
        self.asked += 1
        return f"asked {self.asked}"


def test_it_is_drawn_once_for_the_same_value_and_anew_for_another():
    template = Template("{% once n=n %}{% now 'u' %} {{ n }}{% endonce %}")
    first, again, other = (template.render(Context({"n": n})) for n in (1, 1, 2))
    assert first == again
    assert first.endswith(" 1")
    assert other.endswith(" 2")


def test_each_language_has_its_own():
    template = Template("{% once %}{{ LANGUAGE_CODE }}{% endonce %}")
    assert template.render(Context()) == "en"
    with override("hi"):
        assert template.render(Context()) == "hi"


def test_who_is_reading_is_not_known_inside():
    template = Template("{% once n=n %}[{{ user }}{{ request }}{% csrf_token %}]{% endonce %}{{ user }}")
    context = Context({"n": 1, "user": "asha", "request": "hers", "csrf_token": "secret"})
    assert template.render(context) == "[]asha"


@pytest.mark.parametrize("value", [Counter(), SimpleNamespace(a=1), {"a": 1}, F("a")])
def test_what_may_change_without_looking_different_is_refused(value):
    with pytest.raises(TypeError, match="plain values and rows"):
        Template("{% once n=n %}{{ n }}{% endonce %}").render(Context({"n": value}))


def test_a_block_cannot_stand_inside():
    with pytest.raises(TemplateSyntaxError, match="block"):
        Template("{% once %}{% if 1 %}{% block a %}{% endblock %}{% endif %}{% endonce %}")


def test_only_named_values_are_taken():
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        Template("{% once n %}{% endonce %}")


def test_it_keeps_a_bounded_number():
    template = Template("{% once n=n %}{{ n }}{% endonce %}")
    for n in range(MOST + 10):
        template.render(Context({"n": n}))
    assert len(template.nodelist[0].kept) <= MOST


def test_what_comes_from_the_database_is_kept_for_seconds(settings, monkeypatch):
    settings.KEEPS_PUBLIC_PARTS = True
    counter, now = Counter(), time.monotonic()
    monkeypatch.setattr("commons.core.once.time.monotonic", lambda: now)
    node = Template("{% once seconds=60 %}{{ LANGUAGE_CODE }}{% endonce %}").nodelist[0]
    node.nodelist = SimpleNamespace(render=lambda context: str(counter))
    assert node.render(Context()) == "asked 1"
    now += 59
    assert node.render(Context()) == "asked 1"
    now += 2
    assert node.render(Context()) == "asked 2"


def test_a_row_counts_as_its_columns_and_the_rows_loaded_with_it(discussion, education):
    def found() -> object:
        return plain(Activity.objects.select_related("institution", "outcome").get())

    before = found()
    assert found() == before
    Activity.objects.update(participant_count=7)
    counted = found()
    assert counted != before
    education.name.data["en"] = "Ministry of Schools"
    education.save()
    assert found() != counted


def test_a_card_follows_its_row_its_institution_and_the_clock(discussion, education):
    def shown(at=None) -> str:
        return cards.cards([Activity.objects.for_cards().get()], at or clock.now())

    before = shown()
    assert "Ministry of Education" in before
    education.name.data["en"] = "Ministry of Schools"
    education.save()
    assert "Ministry of Schools" in shown()
    assert "Comment" in shown()
    assert "Read" in shown(discussion.closes_at)
    with override("hi"):
        assert "शिक्षा" in shown()


def test_a_card_is_known_by_everything_that_is_loaded_for_it(discussion):
    activity = Activity.objects.for_cards().get()
    for row, left in ((activity, {"id", "institution_id"}), (activity.institution, {"id"})):
        for name in {field.attname for field in row._meta.concrete_fields} - row.get_deferred_fields() - left:
            before, was = cards.shown(activity), getattr(row, name)
            setattr(row, name, LazyI18nString({"en": "Another"}))
            assert cards.shown(activity) != before, name
            setattr(row, name, was)


def test_the_same_words_are_for_everybody(client, asha, discussion):
    """A signed-in reader draws a page first; whoever is not signed in sees nothing of them."""
    client.force_login(asha)
    assert b"Asha" in client.get("/discussions/midday-meals/").content
    client.logout()
    assert b"Asha" not in client.get("/discussions/midday-meals/").content
