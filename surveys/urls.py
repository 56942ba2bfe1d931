from django.urls import path

from surveys import answer_views, later_views, results_views, views

app_name = "surveys"
urlpatterns = [
    path("", views.survey_list, name="list"),
    path("resume/<str:token>/", later_views.resume, name="resume"),
    path("files/<int:pk>/", later_views.attachment, name="attachment"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/go/", answer_views.go, name="go"),
    path("<slug:slug>/results/", results_views.results, name="results"),
    path("<slug:slug>/review/", answer_views.review, name="review"),
    path("<slug:slug>/later/", later_views.later, name="later"),
    path("<slug:slug>/<slug:section>/", answer_views.section, name="section"),
    path("<slug:slug>/<slug:section>/<slug:name>/", answer_views.answer, name="answer"),
]
