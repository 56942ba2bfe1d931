"""Before allauth's own addresses: the same ones with our views, and one of ours."""

from django.urls import path

from commons.people import entrance

urlpatterns = [
    path("login/", entrance.Login.as_view(), name="account_login"),
    path("signup/", entrance.Signup.as_view(), name="account_signup"),
    path("login/code/", entrance.RequestCode.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", entrance.ConfirmLoginCode.as_view(), name="account_confirm_login_code"),
    path("start-again/", entrance.start_again, name="start_again"),
]
