from django.urls import path

from mygov.impact import views

app_name = "impact"
urlpatterns = [
    path("impact/", views.board, name="board"),
    path("impact/mine/", views.mine, name="mine"),
    path("track/", views.track, name="track"),
]
