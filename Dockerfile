ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
WORKDIR /build
COPY requirements/base.txt base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r base.txt

FROM ${BASE}
LABEL org.opencontainers.image.title="Bugsprint" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BUGSPRINT_DATABASE_URL=sqlite:////data/bugsprint.db
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE NOTICE alembic.ini pyproject.toml ./
COPY migrations migrations
COPY templates templates
COPY integrations integrations
COPY app app
# The root file system may be read-only afterwards, so everything is compiled and linked now.
RUN python -m compileall -q app integrations migrations \
    && printf '#!/bin/sh\nexec python -m app.cli "$@"\n' > /usr/local/bin/bugsprint \
    && chmod 0755 /usr/local/bin/bugsprint \
    && useradd --system --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin bugsprint \
    && install -d -o 10001 -g 10001 -m 0750 /data
USER 10001
VOLUME /data
EXPOSE 8400
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8400/healthz', timeout=2)"]
CMD ["bugsprint", "serve", "--host", "0.0.0.0", "--port", "8400"]
