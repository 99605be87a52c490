# One image for the server, the worker and the commands; docs/deploying.md says how to run it.

FROM python:3.11-slim AS packages

RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements.txt


FROM python:3.11-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000

RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin dastan
WORKDIR /srv/dastan
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY cms cms
COPY articles articles
COPY rates rates
# The user who runs it cannot write here, so that what is compiled is compiled now.
RUN python -m compileall -q cms articles rates

# By number, so that Kubernetes can tell that it is not root.
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM

# Asks as a reader does: by the host of PUBLIC_URL, which ALLOWED_HOSTS has to name.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, sys; from http.client import HTTPConnection; from urllib.parse import urlsplit; server = HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); server.request('GET', '/livez', headers={'Host': urlsplit(os.environ.get('PUBLIC_URL', '')).netloc or 'localhost'}); sys.exit(server.getresponse().status != 200)"]

CMD ["python", "manage.py", "serve"]
