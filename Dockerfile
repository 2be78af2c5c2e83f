# jobbot as an image. It needs neither a shell nor a writable root, and runs as nobody in particular:
#   docker build -t jobbot .
#   docker run --read-only --cap-drop ALL --stop-timeout 30 --env-file .env -p 3000:3000 jobbot
# Its state is in PostgreSQL (DATABASE_URL); a SQLite file needs a volume that user 65532 can write.
# A tag can be moved: pin the base by its digest, as docs/operating.md says, with
#   --build-arg PYTHON=python:3.11-slim-bookworm@sha256:…
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /app
COPY requirements.txt ./
RUN ["python3", "-m", "venv", "/opt/jobbot"]
RUN ["/opt/jobbot/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary=:all:", "-r", "requirements.txt"]
# What installs has no place beside what runs.
RUN ["/opt/jobbot/bin/python", "-m", "pip", "uninstall", "--quiet", "--yes", "pip", "setuptools"]
COPY manifest.yml ./
COPY bot ./bot
# A read-only root keeps no bytecode.
RUN ["/opt/jobbot/bin/python", "-m", "compileall", "-q", "bot"]

FROM ${PYTHON}
COPY --from=build /opt/jobbot /opt/jobbot
COPY --from=build /app /app
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LOG_FORMAT=json
USER 65532:65532
EXPOSE 3000
# METRICS_PORT has the health checks too, and is the only port that the worker has.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/opt/jobbot/bin/python", "-I", "-c", "import os, urllib.request; of = os.environ.get; ports = of('METRICS_PORT', ''), of('PORT', ''), '3000'; port = next(filter(str.isdecimal, ports)); urllib.request.urlopen(f'http://127.0.0.1:{port}/healthz', timeout=4)"]
ENTRYPOINT ["/opt/jobbot/bin/python", "-m", "bot"]
CMD ["serve"]
