"""Hides numbers that say who somebody is: Aadhaar, PAN, Indian phone numbers, e-mail addresses.

People paste them into comments; what is public must not carry them. Only the last digits stay, so that the
author recognises what was hidden.
"""

import re

# Aadhaar: twelve digits, the first 2 to 9, the last a Verhoeff check digit over the eleven before it.
AADHAAR = re.compile(r"(?<!\d)[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}(?!\d)")
PHONE = re.compile(r"(?<!\d)(?:\+?91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}(?!\d)")
PAN = re.compile(r"(?<![A-Za-z])[A-Za-z]{3}[ABCFGHLJPTabcfghljpt][A-Za-z]\d{4}[A-Za-z](?![A-Za-z])")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")

# Hindi and other languages have digits of their own; sign for sign, so that places in both texts agree.
ZEROS = "०০੦૦୦௦౦೦൦٠۰"
LATIN_DIGITS = {ord(zero) + value: str(value) for zero in ZEROS for value in range(10)}

# Verhoeff's tables: multiplication in the dihedral group D5, and the permutation by position.
TIMES = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
TURN = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff_holds(digits: str) -> bool:
    """Whether the last digit is the Verhoeff check of the others."""
    check = 0
    for place, digit in enumerate(int(d) for d in reversed(digits)):
        for _turn in range(place % 8):
            digit = TURN[digit]
        check = TIMES[check][digit]
    return check == 0


def mask(text: str) -> tuple[str, set[str]]:
    """The text with personal numbers hidden, and which kinds were found (aadhaar, phone, pan, email)."""
    found: set[str] = set()
    for kind, pattern in (("email", EMAIL), ("aadhaar", AADHAAR), ("phone", PHONE), ("pan", PAN)):
        parts, end = [], 0
        for match in pattern.finditer(text.translate(LATIN_DIGITS)):
            if kind == "aadhaar" and not verhoeff_holds(re.sub(r"\D", "", match.group())):
                continue
            found.add(kind)
            parts += [
                text[end : match.start()],
                "•••" if kind == "email" else f"••••{text[match.end() - 2 : match.end()]}",
            ]
            end = match.end()
        text = "".join(parts) + text[end:]
    return text, found
