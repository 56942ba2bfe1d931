"""People of another platform whose words are brought in: a name and nothing else, and no way to sign in."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from commons.people.models import User

# RFC 2606: no such domain will ever exist, so no mail can reach it and nobody can prove that it is theirs.
DOMAIN = "brought-in.invalid"


def accounts_for(source: str, names: dict[str, str]) -> dict[str, int]:
    """The accounts of these people of `source`, made where they do not exist yet: their number there → ours.

    `names` says what each is called, by their number there; an empty name shows as “Citizen” with our number.
    """
    address = {number: f"{number}.{source}@{DOMAIN}".lower() for number in names}
    User.objects.bulk_create(
        (
            User(email=address[number], password=make_password(None), display_name=name[:60], is_active=False)
            for number, name in names.items()
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    known = dict(User.objects.filter(email__in=address.values()).values_list("email", "pk"))
    return {number: known[address[number]] for number in names}
