def stub(request, *args, **kwargs):
    raise NotImplementedError
