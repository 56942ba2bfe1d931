from django.urls import path

from mygov.stub import stub

app_name = "moderation"
urlpatterns = [
    path("", stub, name="queue"),
    path("comments/<int:pk>/report/", stub, name="report"),
    path("ideas/<int:pk>/report/", stub, name="report_idea"),
    path("comments/<int:pk>/decision/", stub, name="decision"),
]
