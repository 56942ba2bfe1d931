# One image for web, worker, beat and migrations; docker-compose.yml says what each runs.
FROM python:3.13-slim AS packages
WORKDIR /portal
COPY requirements-production.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-production.lock

FROM python:3.13-slim
RUN groupadd --system --gid 10001 portal \
    && useradd --system --uid 10001 --gid portal --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /portal
COPY --from=packages /venv /venv
# What comes along is listed in .dockerignore: the portal's own code, and nothing else.
COPY . ./
# Byte code and static files are made here, by root: the portal's own user can write nothing in the image.
# Collecting reads the settings, which insist on these; none of them stays in the image.
RUN python -m compileall -q . \
    && DATABASE_URL=postgresql:///none REDIS_URL=redis://none MYGOV_SECRET_KEY=collecting \
       python manage.py collectstatic --noinput -v0
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "mygov.wsgi:application"]
