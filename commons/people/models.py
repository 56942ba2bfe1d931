"""A person with an account: how they sign in, how they are shown, how far they are verified."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.core.cleaning import validate_name


class People(models.QuerySet["User"]):
    def unproven(self) -> People:
        """Who signed up and never proved that the address is theirs: nobody has been inside such an account."""
        never = self.filter(level=User.Level.GUEST, last_login=None, phone_verified_at=None, is_staff=False)
        return never.exclude(emailaddress__verified=True)

    def forgotten_sign_ups(self, before: datetime) -> People:
        """Unproven ones who came through the sign-up form before then; others were made by whoever vouches for them."""
        by_form = models.Q(emailaddress__verified=False) | models.Q(email=None)
        return self.unproven().filter(by_form, joined_at__lt=before)


class Accounts(BaseUserManager.from_queryset(People)["User"]):  # type: ignore[misc]
    def create_user(
        self, email: str | None = None, phone: str | None = None, password: str | None = None, **fields: Any
    ) -> User:
        """A person reachable by e-mail, phone (E.164) or both; raises ValueError with neither.

        Whoever makes an account with a level above guest vouches for its address: nobody is asked to prove it.
        """
        if not email and not phone:
            raise ValueError("a person needs an e-mail address or a phone number")
        vouched = fields.get("level", User.Level.GUEST) > User.Level.GUEST
        if vouched and phone:
            fields.setdefault("phone_verified_at", timezone.now())
        user = self.model(email=email.lower() if email else None, phone=phone or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        fields = {"level": User.Level.CODE, **fields}
        return self.create_user(email, password=password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Signs in by e-mail or mobile. The shown name may be a pseudonym; contact data is never public."""

    class Level(models.IntegerChoices):
        GUEST = 0, _("Not verified")
        CODE = 1, _("Verified by a one-time code")
        NATIONAL_ID = 2, _("Verified by a national ID")
        IN_PERSON = 3, _("Verified in person")

    class Born(models.TextChoices):
        """Some years each: enough to say who was heard, too little to tell who somebody is."""

        SINCE_2003 = "2003", _("2003 and later")
        SINCE_1988 = "1988", _("1988 to 2002")
        SINCE_1973 = "1973", _("1973 to 1987")
        SINCE_1958 = "1958", _("1958 to 1972")
        EARLIER = "1900", _("1957 and earlier")

    class Gender(models.TextChoices):
        WOMAN = "f", _("Woman")
        MAN = "m", _("Man")
        OTHER = "o", _("Another")

    email = models.EmailField(_("e-mail address"), null=True, blank=True, unique=True)
    phone = models.CharField(_("mobile number"), max_length=16, null=True, blank=True, unique=True)
    phone_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    level = models.PositiveSmallIntegerField(_("verification"), choices=Level, default=Level.GUEST)

    display_name = models.CharField(
        _("name shown to others"),
        max_length=60,
        blank=True,
        validators=[validate_name],
        help_text=_("Your name or a pseudonym."),
    )
    about = models.CharField(_("about you"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=[("en", "English"), ("hi", "हिन्दी")], default="en")
    languages = ArrayField(
        models.CharField(max_length=10), verbose_name=_("languages you speak"), default=list, blank=True
    )
    state = models.ForeignKey(
        "directory.Region", models.SET_NULL, verbose_name=_("state"), null=True, blank=True, related_name="+"
    )
    district = models.ForeignKey(
        "directory.Region", models.SET_NULL, verbose_name=_("district"), null=True, blank=True, related_name="+"
    )
    born = models.CharField(_("year of birth"), max_length=4, choices=Born, blank=True, default="")  # never public
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True, default="")  # never public
    interests = models.ManyToManyField("directory.Sector", verbose_name=_("interests"), blank=True, related_name="+")
    skills = ArrayField(models.CharField(max_length=40), verbose_name=_("skills"), default=list, blank=True)
    public_fields = ArrayField(
        models.CharField(max_length=20), verbose_name=_("shown on the public profile"), default=list, blank=True
    )

    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    joined_at = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False), name="person_reachable"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """An address that was removed is none, not an empty one: both are unique."""
        self.email, self.phone = self.email or None, self.phone or None
        super().save(*args, **kwargs)

    @property
    def shown_name(self) -> str:
        """What others see: never an e-mail address or a phone number."""
        return self.display_name or str(_("Citizen %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("people:public", args=[self.pk])


class Draft(models.Model):
    """What a person typed and has not sent. One per place; gone when it is sent."""

    person = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=100)
    fields = models.JSONField(default=dict)
    earlier = models.JSONField(default=dict)  # the person's other text for the same place, which this one replaced
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="draft_once")]

    def __str__(self) -> str:
        return self.key
