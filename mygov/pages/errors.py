"""Answers when something went wrong."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    return render(request, "csrf.html", status=403)
