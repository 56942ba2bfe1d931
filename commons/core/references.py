"""Reference numbers that people can read out on a phone: no 0/O, 1/I/L, and a check character."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 signs: a prime, so the check finds any one wrong sign


def check_sign(body: str) -> str:
    """Weighted sum modulo 31: finds every single wrong sign and every swap of two neighbours."""
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]


def new_reference() -> str:
    """Ten random signs (about 49 bits) and their check sign, as `XXXX-XXXX-XXX`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(10))
    code = body + check_sign(body)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def read_reference(typed: str) -> str | None:
    """The reference as stored, whatever case, spaces or dashes were typed; None if the check fails."""
    code = "".join(sign for sign in typed.upper() if sign in ALPHABET)
    if len(code) != 11 or check_sign(code[:10]) != code[10]:
        return None
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
