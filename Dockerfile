# The portal's image: web, worker, beat and one-off commands differ by their command only.

FROM node:22-bookworm-slim AS look
WORKDIR /look
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.13-slim-bookworm AS packages
COPY requirements/base.lock /tmp/base.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/base.lock

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-croscore libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/motcua --create-home motcua
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/motcua
COPY --from=look /look/node_modules/@tabler/core/dist node_modules/@tabler/core/dist
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DEMO=0 \
    VAR_DIR=/var/lib/motcua \
    STATIC_ROOT=/srv/static
# The values below serve this one step: none of them is kept in the image.
RUN SECRET_KEY=build PUBLIC_URL=https://build FIELD_KEYS=build:YnVpbGQ= FIELD_HASH_KEY=build \
    DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input
USER motcua
VOLUME /var/lib/motcua
EXPOSE 8000
CMD ["gunicorn", "motcua.wsgi", "--config", "deploy/gunicorn.py"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "deploy/healthcheck.py"]
