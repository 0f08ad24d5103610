# Two steps: what installs stays behind. `deploy/try-image.sh` runs the same steps where no container engine is at hand.
FROM python:3.12-slim AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements requirements
RUN .venv/bin/python -m pip install --no-cache-dir --require-hashes --no-deps -r requirements/postgresql.txt

FROM python:3.12-slim
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY LICENSE README.md ./
COPY src src
COPY data data
COPY recipes recipes
RUN install -d -m 0700 -o 65534 -g 65534 /var/lib/winnow /srv/backups
ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin
ENV PYTHONPATH=/app/src
ENV PYTHONDONTWRITEBYTECODE=1
ENV WINNOW_HOME=/var/lib/winnow
ENV WINNOW_CACHE=/var/lib/winnow/cache
VOLUME /var/lib/winnow
# nobody: owns its home and nothing else.
USER 65534:65534
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/v1/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "winnow"]
CMD ["serve", "--host", "0.0.0.0"]
