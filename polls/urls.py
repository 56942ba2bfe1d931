from django.urls import path

from polls import views

app_name = "polls"
urlpatterns = [
    path("", views.poll_list, name="list"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/ballot/", views.ballot, name="ballot"),
    path("<slug:slug>/results/", views.results_page, name="results"),
    path("<slug:slug>/pictures/<int:number>/", views.picture, name="picture"),
]
