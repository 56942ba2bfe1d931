"""What every page knows."""


def portal(request):
    return {}
