"""What a person types when they comment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.comments.models import Comment


class CommentForm(forms.Form):
    """`most` is how many characters this activity allows; stance is asked where the format has one."""

    body = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=False,
        error_messages={"required": _("Write something first.")},
    )
    stance = forms.TypedChoiceField(
        label=_("Are you for it or against it?"),
        coerce=int,
        choices=[(Comment.Stance.FOR, _("For")), (Comment.Stance.AGAINST, _("Against"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for or against.")},
    )

    def __init__(self, *args: object, most: int, asks_stance: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["body"].widget.attrs |= {"data-count": most}
        self.fields["body"].help_text = _("At most %(most)s characters. **bold**, *italic* and lists work.") % {
            "most": most
        }
        if not asks_stance:
            del self.fields["stance"]
