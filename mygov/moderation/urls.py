from django.urls import path

from mygov.moderation import report_views, views, vote_views

app_name = "moderation"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/decision/", views.decision, name="decision"),
    path("<int:pk>/taking-over/", views.taking_over, name="taking_over"),
    path("<int:pk>/putting-back/", views.putting_back, name="putting_back"),
    path("votes/", vote_views.clusters, name="votes"),
    path("votes/<int:pk>/", vote_views.cluster, name="vote_cluster"),
    path("votes/<int:pk>/decision/", vote_views.decision, name="vote_decision"),
    path("comments/<int:pk>/report/", report_views.comment, name="report"),
    path("ideas/<int:pk>/report/", report_views.idea, name="report_idea"),
]
