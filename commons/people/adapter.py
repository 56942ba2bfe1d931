"""How allauth meets our people."""

from allauth.account.adapter import DefaultAccountAdapter


class PortalAccountAdapter(DefaultAccountAdapter):
    def get_phone(self, user):
        return (user.phone, bool(user.phone_verified_at)) if user.phone else None

    def set_phone(self, user, phone: str, verified: bool) -> None:
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user, phone: str) -> None:
        pass

    def get_user_by_phone(self, phone: str):
        from commons.people.models import User

        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user, phone: str, code: str, **kwargs) -> None:
        pass

    def send_unknown_account_sms(self, phone: str, **kwargs) -> None:
        pass
