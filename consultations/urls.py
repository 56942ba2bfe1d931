from django.urls import path

from consultations import (
    export_views,
    file_views,
    matrix_views,
    place_views,
    response_views,
    row_views,
    views,
    workbench,
)

app_name = "consultations"
urlpatterns = [
    path("", views.consultation_list, name="list"),
    path("compliance/", matrix_views.compliance, name="compliance"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/clauses/<int:pk>/", views.clause, name="clause"),
    path("<slug:slug>/clauses/<int:pk>/response/", response_views.respond, name="respond"),
    path("<slug:slug>/clauses/<int:pk>/response/draft/", response_views.autosave, name="autosave"),
    path("<slug:slug>/clauses/<int:pk>/response/removal/", response_views.removal, name="removal"),
    path("<slug:slug>/responses/", response_views.mine, name="mine"),
    path("<slug:slug>/submission/", response_views.submission, name="submission"),
    path("<slug:slug>/submissions/", response_views.submissions, name="submissions"),
    path("<slug:slug>/submissions/<int:pk>/file/", file_views.file, name="file"),
    path("<slug:slug>/matrix/", matrix_views.page, name="matrix"),
    path("<slug:slug>/matrix.csv", matrix_views.download, {"format": "csv"}, name="matrix-csv"),
    path("<slug:slug>/matrix.xlsx", matrix_views.download, {"format": "xlsx"}, name="matrix-xlsx"),
    path("<slug:slug>/matrix.pdf", matrix_views.download, {"format": "pdf"}, name="matrix-pdf"),
    path("<slug:slug>/matrix.docx", matrix_views.download, {"format": "docx"}, name="matrix-docx"),
    path("<slug:slug>/changes/", matrix_views.changes, name="changes"),
    path("<slug:slug>/workbench/", workbench.workbench, name="workbench"),
    path("<slug:slug>/workbench/themes/", workbench.assign, name="assign"),
    path("<slug:slug>/workbench/merger/", workbench.merge, name="merge"),
    path("<slug:slug>/workbench/campaigns/", workbench.find_campaigns, name="campaigns"),
    path("<slug:slug>/workbench/questions/<int:pk>/", workbench.question, name="question"),
    path("<slug:slug>/workbench/places/<int:pk>/", place_views.place, name="place"),
    path("<slug:slug>/workbench/responses.<slug:format>", export_views.export, name="export"),
    path("<slug:slug>/workbench/row/", row_views.row, name="row"),
    path("<slug:slug>/workbench/publication/", row_views.publish, name="publication"),
    path("<slug:slug>/offline/", views.offline, name="offline"),
]
