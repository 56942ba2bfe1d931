from django.urls import path

from mygov.stub import stub

app_name = "demo"
urlpatterns = [
    path("outbox/", stub, name="outbox"),
    path("components/", stub, name="components"),
]
