from django.urls import path

from discussions import forum, idea_views, views

app_name = "discussions"
urlpatterns = [
    path("discussions/", views.discussion_list, name="list"),
    path("discussions/<slug:slug>/", views.detail, name="detail"),
    path("forum/", forum.forum, name="forum"),
    path("ideas/new/", idea_views.bring, name="bring"),
    path("ideas/similar/", idea_views.similar, name="similar"),
    path("ideas/<int:pk>/", idea_views.detail, name="idea"),
    path("ideas/<int:pk>/support/", idea_views.support, name="support"),
    path("ideas/<int:pk>/notice/", idea_views.notice, name="notice"),
    path("ideas/<int:pk>/retirement/", idea_views.retirement, name="retirement"),
]
