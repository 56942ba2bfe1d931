from django.urls import path

from mygov.stub import stub

app_name = "notifications"
urlpatterns = [
    path("", stub, name="list"),
]
