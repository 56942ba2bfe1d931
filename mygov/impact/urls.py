from django.urls import path

from mygov.stub import stub

app_name = "impact"
urlpatterns = [
    path("", stub, name="board"),
    path("mine/", stub, name="mine"),
]
