"""Moments in India's time: 5½ hours ahead of UTC, twelve-hour clock, the day's parts in Hindi."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from commons.core.moments import deadline, ist, ist_date, ist_time, span


def utc(year, month, day, hour, minute):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "english", "hindi"),
    [
        (utc(2026, 11, 24, 18, 15), "24 Nov 2026, 11:45 pm IST", "24 नवं 2026, रात 11:45 बजे (IST)"),
        (utc(2026, 11, 24, 18, 30), "25 Nov 2026, 12:00 am IST", "25 नवं 2026, रात 12:00 बजे (IST)"),
        (utc(2026, 12, 31, 18, 30), "1 Jan 2027, 12:00 am IST", "1 जन 2027, रात 12:00 बजे (IST)"),
        (utc(2028, 2, 28, 18, 30), "29 Feb 2028, 12:00 am IST", "29 फ़र 2028, रात 12:00 बजे (IST)"),
        (utc(2026, 9, 1, 6, 30), "1 Sept 2026, 12:00 pm IST", "1 सितं 2026, दोपहर 12:00 बजे (IST)"),
        (utc(2026, 5, 1, 0, 0), "1 May 2026, 5:30 am IST", "1 मई 2026, सुबह 5:30 बजे (IST)"),
    ],
)
def test_a_moment(at, english, hindi):
    with translation.override("en"):
        assert ist(at) == english
    with translation.override("hi"):
        assert ist(at) == hindi


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "रात"), (3, "रात"), (4, "सुबह"), (11, "सुबह"), (12, "दोपहर"), (15, "दोपहर"), (16, "शाम"), (19, "शाम"), (20, "रात"), (23, "रात")],
)  # fmt: skip
def test_the_parts_of_the_day_in_hindi(hour, part):
    at = utc(2026, 1, 2, hour, 0) - timedelta(hours=5, minutes=30)
    with translation.override("hi"):
        assert ist_time(at) == f"{part} {hour % 12 or 12}:00 बजे (IST)"


def test_a_date_in_full():
    at = utc(2027, 3, 11, 20, 0)
    with translation.override("en"):
        assert ist_date(at) == "12 March 2027"
    with translation.override("hi"):
        assert ist_date(at) == "12 मार्च 2027"


def test_a_language_without_month_names_of_its_own_has_the_english_ones():
    with translation.override("ta"):
        assert ist_date(utc(2027, 3, 11, 20, 0)) == "12 March 2027"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-5), "1 minute"), (timedelta(0), "1 minute"), (timedelta(seconds=119), "1 minute"),
        (timedelta(minutes=2), "2 minutes"), (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"), (timedelta(hours=23, minutes=59), "23 hours"), (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=23), "3 days"),
    ],
)  # fmt: skip
def test_a_length_in_its_largest_whole_unit(length, words):
    with translation.override("en"):
        assert span(length) == words


NOW = utc(2026, 11, 21, 12, 0)


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (None, None, "not scheduled yet"),
        (utc(2026, 11, 22, 4, 30), None, "opens 22 Nov 2026, 10:00 am IST"),
        (NOW, None, "stays open"),
        (NOW - timedelta(days=1), NOW, "closed on 21 November 2026"),
        (NOW - timedelta(days=1), utc(2026, 11, 24, 18, 15), "closes in 3 days, 11:45 pm IST"),
        (NOW - timedelta(days=1), NOW + timedelta(days=30), "closes in 30 days, 5:30 pm IST"),
        (NOW - timedelta(days=1), NOW + timedelta(days=30, seconds=1), "closes on 21 December 2026, 5:30 pm IST"),
    ],
)  # fmt: skip
def test_a_deadline_in_words(opens, closes, words):
    with translation.override("en"):
        assert deadline(opens, closes, NOW) == words


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)))
def test_the_clock_shown_is_the_clock_of_india(naive):
    at = naive.replace(tzinfo=UTC)
    there = naive + timedelta(hours=5, minutes=30)
    with translation.override("en"):
        assert ist_time(at) == f"{int(there.strftime('%I'))}:{there:%M} {there:%p} IST".replace("AM", "am").replace(
            "PM", "pm"
        )
