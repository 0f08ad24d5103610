#!/bin/sh
# The steps of the Dockerfile without a container engine: deploy/try-image.sh FOLDER PORT
# Copies what the image copies, makes it read-only, and serves from there with the environment of the image.
# PYTHON is one that has the requirements; INSTALL=yes makes one in FOLDER, as the image does.
# Where this is run by root and nobody may read PYTHON, it serves as nobody.
set -eu
folder=$1 port=$2
cd "$(dirname "$0")/.."
app=$folder/app
mkdir -p "$app" "$folder/home"

# What the last step copies from the context: every COPY without --from.
awk '/^FROM/ {found = ""} /^COPY/ && !/--from/ {for (i = 2; i < NF; i++) found = found $i "\n"} END {printf "%s", found}' Dockerfile |
while read -r name; do cp -R "$name" "$app/"; done
find "$app" -name __pycache__ -prune -exec rm -rf {} +

if [ "${INSTALL:-no}" = yes ]; then
  python3 -m venv "$app/.venv"
  "$app/.venv/bin/python" -m pip install --quiet --no-cache-dir --require-hashes --no-deps -r requirements/postgresql.txt
  PYTHON=$app/.venv/bin/python
fi
chmod -R a-w,a+rX "$app"
chmod 700 "$folder/home"

as=
if [ "$(id -u)" = 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups "$PYTHON" -c "" 2>/dev/null &&
  setpriv --reuid 65534 --regid 65534 --clear-groups test -r "$app/src"; then
  chown 65534:65534 "$folder/home"
  as="setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs"
fi
echo "Serving ${as:+as nobody }from $app"
cd "$app"
# No more of the environment than the image has.
exec env -i PATH=/usr/local/bin:/usr/bin:/bin PYTHONPATH="$app/src" PYTHONDONTWRITEBYTECODE=1 \
  WINNOW_HOME="$folder/home" WINNOW_CACHE="$folder/home/cache" DATABASE_URL="${DATABASE_URL:-}" \
  $as "$PYTHON" -m winnow serve --host 127.0.0.1 --port "$port"
