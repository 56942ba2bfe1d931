"""Who lives in the demo: the cast, whose password everybody knows, and the others, who cannot sign in."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from commons.directory.models import Institution, Post, Region, Sector
from commons.people.models import User
from mygov.demo import texts

PASSWORD = "mygov-demo"  # noqa: S105 - production refuses to start with these accounts (mygov/checks.py)

# key: name shown, language, further fields. The posts of meera, arjun and dev stand in institutions.toml.
CAST: dict[str, tuple[str, str, dict[str, Any]]] = {
    "asha": ("Asha Kumari", "en", {
        "about": "Mother of two, and in the school committee of our village.", "languages": ["hi", "en", "mai"],
        "skills": ["teaching", "social-work"], "public_fields": ["about", "state", "languages"],
    }),
    "bilal": ("Bilal Ahmed", "hi", {
        "about": "जयपुर में बिजली मिस्त्री, शाम को बच्चों को पढ़ाता हूँ।", "languages": ["hi", "ur"],
        "skills": ["engineering"], "public_fields": ["about", "state", "district"],
    }),
    "meera": ("Meera Joshi", "en", {"is_staff": True}),
    "arjun": ("Arjun Pillai", "en", {"is_staff": True}),
    "dev": ("Dev Sharma", "en", {"is_staff": True}),
    "mod": ("Moderator Salma", "en", {"is_staff": True}),
    "admin": ("Administrator", "en", {"is_staff": True, "is_superuser": True}),
}  # fmt: skip
HOMES = {"asha": (10, 216), "bilal": (8, 102)}


def make_cast(joined: datetime) -> dict[str, User]:
    """The seven people of the launcher's list, with verified addresses so that mail reaches them."""
    secret = make_password(PASSWORD)  # once: hashing is slow on purpose
    cast = {}
    for key, (name, language, fields) in CAST.items():
        user = User.objects.create_user(
            f"{key}@example.org",
            display_name=name,
            language=language,
            level=User.Level.CODE,
            joined_at=joined,
            **fields,
        )
        if key in HOMES:
            state, district = HOMES[key]
            user.state = Region.objects.get(level="state", lgd_code=state)
            user.district = Region.objects.get(level="district", lgd_code=district)
        user.password = secret
        user.save(update_fields=["state", "district", "password"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        cast[key] = user
    cast["asha"].interests.set(Sector.objects.filter(slug__in=["schools", "health"]))
    cast["bilal"].interests.set(Sector.objects.filter(slug__in=["roads", "skills"]))
    Post.objects.create(person=cast["mod"], role=Post.Role.MODERATOR)
    return cast


def make_crowd(joined: datetime, rng: Random) -> tuple[dict[str, list[User]], dict[int, str]]:
    """Everybody else who speaks, by the language they write in; and which of them are women or men, by number.

    Their addresses are not verified, so that no mail goes there: it would hide what the cast gets.
    """
    places = {(region.level, region.lgd_code): region for region in Region.objects.all()}
    crowd: dict[str, list[User]] = {"en": [], "hi": []}
    genders: dict[int, str] = {}
    lines = [line for line in (texts.TEXTS / "people.txt").read_text(encoding="utf-8").splitlines() if line]
    for number, line in enumerate((line for line in lines if not line.startswith("#")), start=1):
        name, gender, state, *district = (part.strip() for part in line.split(","))
        language = texts.language_of(name)
        person = User.objects.create_user(
            f"citizen-{number:03}@example.org", display_name=name, language=language, level=User.Level.CODE,
            born=User.Born.values[number * 7 % 11 % 5], gender=gender if gender in User.Gender.values else "",
            state=places["state", int(state)], district=places["district", int(district[0])] if district else None,
            joined_at=joined + timedelta(hours=rng.uniform(0, 24 * 150)),
        )  # fmt: skip
        crowd[language].append(person)
        genders[person.pk] = gender
    return crowd, genders


def make_official(name: str, institution: Institution, role: str, joined: datetime) -> User:
    """An official beside the cast; without a password, so that nobody signs in as them."""
    user = User.objects.create_user(
        f"{institution.code}.{role}@example.org", display_name=name, language="en", level=User.Level.CODE,
        is_staff=True, joined_at=joined,
    )  # fmt: skip
    Post.objects.create(person=user, role=role, institution=institution)
    return user
