from django.urls import path

from mygov.moderation import report_views, views

app_name = "moderation"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/decision/", views.decision, name="decision"),
    path("<int:pk>/taking-over/", views.taking_over, name="taking_over"),
    path("<int:pk>/putting-back/", views.putting_back, name="putting_back"),
    path("comments/<int:pk>/report/", report_views.comment, name="report"),
    path("ideas/<int:pk>/report/", report_views.idea, name="report_idea"),
]
