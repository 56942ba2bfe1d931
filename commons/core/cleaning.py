"""What a name or a text may not carry. Everything people type is hostile until it came through here."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Direction overrides and isolates can make a name read backwards; format controls hide in it.
# The joiners U+200C and U+200D stay: Hindi and Urdu are written with them.
JOINERS = {"\u200c", "\u200d"}
# A label has at most 63 signs: without that bound "a-a-a-…" would be searched anew from every sign of it.
LINK = re.compile(r"(?i)(https?:|www\.|://|(?<![\w-])[\w-]{1,63}\.(com|in|org|net|info|xyz|io|co|ru|top|link|gov)\b)")
MOST_MARKS = 4  # ordinary Devanagari puts up to three combining marks on one letter
LONGEST_NAME = 200  # beyond any field's own limit; what is longer is not worth reading sign by sign
UNSEEN = {"\u115f", "\u1160", "\u3164", "\uffa0"}  # letters by their class, blank on every screen


def clean_text(text: str) -> str:
    """Text as it is stored: one normal form, one kind of line end, no control signs, trimmed."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in text if c in "\n\t" or c in JOINERS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return "".join(kept).strip()


def validate_name(name: str) -> None:
    """Raises ValidationError when a name carries a link, a control sign, an override or a pile of marks."""
    name = name[:LONGEST_NAME]
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} and c not in JOINERS for c in name):
        raise ValidationError(_("Use letters that can be seen: this name has hidden control characters."), "control")
    if LINK.search(name):
        raise ValidationError(_("A name cannot contain a link or a web address."), "link")
    if name[:1] in set("-=+@"):
        raise ValidationError(_("A name cannot start with - = + or @."), "formula")
    if name.strip() and not any(unicodedata.category(c)[0] in "LN" and c not in UNSEEN for c in name):
        raise ValidationError(_("Use at least one letter or digit."), "blank")
    marks = 0
    for sign in unicodedata.normalize("NFD", name):
        marks = marks + 1 if unicodedata.category(sign)[0] == "M" else 0
        if marks > MOST_MARKS:
            raise ValidationError(_("Too many marks are piled on one letter."), "marks")
