# One image, one command: `stageline serve`, in as many processes as STAGELINE_WORKERS says (compose.yaml, deploy/kubernetes). It wants
# STAGELINE_SECRET and STAGELINE_DATABASE_URL (README.md, Settings); without the latter the SQLite file lies in /data. Before a new version serves:
# docker run … stageline migrate. This file is not built by ./run test; tests/test_deploy.py holds what can be held without an engine.

FROM node:22-slim AS web
WORKDIR /stageline
COPY server/schema/schema.graphql server/schema/
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN cd web && npm ci
COPY web web
RUN cd web && npm run build

FROM python:3.13-slim AS wheel
WORKDIR /stageline
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY .run .run
COPY server server
COPY --from=web /stageline/web/dist web/dist
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home stageline && install -d -o stageline /data
COPY --from=wheel /venv /venv
USER 10001
ENV PATH=/venv/bin:$PATH STAGELINE_ENVIRONMENT=production STAGELINE_DATA_DIR=/data STAGELINE_HOST=0.0.0.0 STAGELINE_LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["stageline", "serve"]
