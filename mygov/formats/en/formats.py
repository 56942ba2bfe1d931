"""Dates as people here write them; the portal's own words for a moment are in commons/core/moments.py."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "j M Y, g:i a"
