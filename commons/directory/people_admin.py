"""People, for platform administrators: contact data masked, and no way to more power than one was given."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group as PermissionGroup
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commons.directory.scoped_admin import FirstRows, InstitutionScopedAdmin
from commons.people.models import User

# Their pages trust Django's permission table, show addresses in full, and would hand out second factors.
for theirs in (PermissionGroup, EmailAddress, Authenticator):
    if admin.site.is_registered(theirs):
        admin.site.unregister(theirs)


def masked(email: str | None, phone: str | None) -> str:
    """Enough to tell whether it is the right account, not enough to write to it: “a…@example.org”, “…3210”."""
    parts = []
    if email:
        name, _at, domain = email.partition("@")
        parts.append(f"{name[:1]}…@{domain}")
    if phone:
        parts.append(f"…{phone[-4:]}")
    return ", ".join(parts)


@admin.register(User)
class UserAdmin(InstitutionScopedAdmin):
    """Name, verification and whether they may sign in. Passwords and administrators are made elsewhere, on purpose."""

    institution_path = None
    writers = viewers = ()
    paginator = FirstRows
    show_full_result_count = False
    list_display = ("shown_name", "contact", "level", "is_staff", "is_active", "joined_at")
    list_filter = ("is_staff", "is_active", "level")
    search_fields = ("display_name", "=email", "=phone")
    search_help_text = _("Shown name, or the whole e-mail address or mobile number")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("display_name", "contact", "level", "is_active")}),
        (_("Rights"), {"fields": ("is_staff", "is_superuser", "held"), "description": _("Whoever is given a post may enter the admin. Platform administrators are made on the server, not here.")}),
        (_("Account"), {"fields": ("language", "joined_at", "last_login")}),
    )  # fmt: skip
    readonly_fields = ("contact", "is_staff", "is_superuser", "held", "language", "joined_at", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody locks themselves out, or lifts their own verification; other administrators are not touched here."""
        if obj is not None and (obj.pk == request.user.pk or obj.is_superuser):
            return (*self.readonly_fields, "level", "is_active")
        return self.readonly_fields

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only the filters shown: a list filtered by the start of a password hash would tell it sign by sign."""
        return lookup.removesuffix("__exact") in self.list_filter

    @admin.display(description=_("contact"))
    def contact(self, row: User) -> str:
        return masked(row.email, row.phone)

    @admin.display(description=_("posts"))
    def held(self, row: User) -> str:
        return ", ".join(str(post) for post in row.posts.select_related("institution", "group", "person")) or "–"
