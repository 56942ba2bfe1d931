from django.urls import path

from polls import embedding, guest_views, list_views, share, views

app_name = "polls"
urlpatterns = [
    path("", views.poll_list, name="list"),
    path("verify_poll.py", list_views.script, name="script"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/ballot/", views.ballot, name="ballot"),
    path("<slug:slug>/guest/", guest_views.ballot, name="guest"),
    path("<slug:slug>/results/", views.results_page, name="results"),
    path("<slug:slug>/embed/", embedding.embed, name="embed"),
    path("<slug:slug>/share.png", share.image, name="share"),
    path("<slug:slug>/ballots.json", list_views.ballots, name="ballots"),
    path("<slug:slug>/pictures/<int:number>/", views.picture, name="picture"),
]
