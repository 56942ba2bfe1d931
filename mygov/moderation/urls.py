from django.urls import path

from mygov.moderation import bulk_views, report_views, review_views, statement_views, views, vote_views

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
    path("second-opinions/", review_views.reviews, name="reviews"),
    path("second-opinions/<int:pk>/opinion/", review_views.opinion, name="opinion"),
    path("bulk/", bulk_views.bulk, name="bulk"),
    path("bulk/<int:pk>/", bulk_views.item, name="bulk_item"),
    path("bulk/<int:pk>/confirmation/", bulk_views.confirmation, name="bulk_confirmation"),
    path("bulk/<int:pk>/dropping/", bulk_views.dropping, name="bulk_dropping"),
    path("bulk/<int:pk>/undoing/", bulk_views.undoing, name="bulk_undoing"),
    path("decisions/<int:pk>/", statement_views.statement, name="statement"),
    path("decisions/<int:pk>/appeal/", statement_views.appeal, name="appeal"),
    path("comments/<int:pk>/reasons/", statement_views.reasons_for_comment, name="reasons"),
    path("ideas/<int:pk>/reasons/", statement_views.reasons_for_idea, name="reasons_for_idea"),
    path("comments/<int:pk>/report/", report_views.comment, name="report"),
    path("ideas/<int:pk>/report/", report_views.idea, name="report_idea"),
    path("responses/<int:pk>/report/", report_views.annotation, name="report_annotation"),
    path("submissions/<int:pk>/report/", report_views.submission, name="report_submission"),
    path("people/<int:pk>/report/", report_views.name, name="report_name"),
]
