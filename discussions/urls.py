from django.urls import path

from mygov.stub import stub

app_name = "discussions"
urlpatterns = [
    path("discussions/", stub, name="list"),
    path("discussions/<slug:slug>/", stub, name="detail"),
    path("forum/", stub, name="forum"),
]
