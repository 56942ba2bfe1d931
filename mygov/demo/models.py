"""What the demo would have sent: mail and SMS, kept where anybody who runs it can read them."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One mail or SMS of the demo. Exists in demo mode only; production never writes here."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        SMS = "sms", _("SMS")

    channel = models.CharField(max_length=4, choices=Channel)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("message of the demo")
        verbose_name_plural = _("messages of the demo")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject or self.body[:40]}"
