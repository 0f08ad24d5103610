# What can be done here, and how: `make` alone lists it.
# Everything sets itself up from a fresh clone with Python 3.11+, its venv module and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
SERVE ?= 1
# Tests run on as many processes as there are cores.
JOBS ?= auto
# The driver of PostgreSQL is installed where DATABASE_URL asks for it.
DRIVER := $(if $(filter postgres%,$(DATABASE_URL))$(DATABASE_URL_FILE),$(VENV)/.postgresql)
BACKUPS ?= var/backups
# The last reads material beside the checkout.
BENCHMARKS := speed serving gather_kill approaches

.DEFAULT_GOAL := help
.PHONY: demo-home help setup setup-dev demo serve work check test bench docs backup pictures messages requirements clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | column -t -s "$$(printf '\t')"

setup: $(VENV)/.base $(DRIVER) ## install what the product needs

setup-dev: $(VENV)/.dev ## install what checks and tests need as well

demo: setup ## a site worth reading, in minutes (SERVE=0 stops before serving)
	@WINNOW_MAIL_FOLDER=$${WINNOW_MAIL_FOLDER-mail} $(BIN)/winnow demo $(if $(filter 0,$(SERVE)),,--serve)

serve: setup ## the site at http://127.0.0.1:8000, with its worker
	@$(BIN)/winnow serve --with-worker

work: setup ## a worker alone
	@$(BIN)/winnow work

check: setup-dev ## lint, types, import contracts, documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/docs -p no:randomly -n 0

test: setup-dev chromium nginx postgresql ## every test on SQLite, and what depends on the database on PostgreSQL as well
	$(BIN)/python -m pytest -n $(JOBS) -p tests.report
	$(BIN)/python -m pytest -n $(JOBS) -p tests.postgresql

docs: setup ## this product's own documents, judged and built into var/releases/release-1
	@$(BIN)/winnow release build release-1 --out var/releases/release-1

bench: demo-home ## four of the benchmarks (`winnow bench NAME` runs any), results in bench/results/
	@for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python bench/$$name.py || exit 1; done

backup: setup ## a backup into BACKUPS (var/backups unless named), proved by its own restore
	@$(BIN)/winnow backup $(BACKUPS)

pictures: setup-dev chromium ## the screenshots of the README, from a demo of their own
	$(BIN)/python bench/screenshots.py

messages: setup ## the sentences of the site for translators, src/winnow/locale/winnow.pot
	@$(BIN)/winnow messages

demo-home: setup-dev
	@$(BIN)/winnow demo >/dev/null

requirements: $(VENV)/.tools ## pin dependencies anew from pyproject.toml
	$(UV) pip compile -q pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/base.txt
	$(UV) pip compile -q pyproject.toml --extra postgresql -c requirements/base.txt --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/postgresql.txt
	$(UV) pip compile -q pyproject.toml --group dev -c requirements/base.txt --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/dev.txt
	$(UV) pip compile -q --group tools --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/tools.txt

clean: ## remove what can be made again (not var/)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Winnow needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.tools: requirements/tools.txt | $(VENV)/bin/python
	@echo "Installing the installer"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/tools.txt
	@touch $@

$(VENV)/.base: requirements/base.txt pyproject.toml $(VENV)/.tools
	@echo "Installing what Winnow needs"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements/base.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.postgresql: requirements/postgresql.txt $(VENV)/.base
	@echo "Installing the driver of PostgreSQL"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements/postgresql.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing what checks and tests need"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

.PHONY: chromium nginx postgresql
chromium:
	@command -v chromium >/dev/null || { echo "Installing Chromium (Debian's package)"; \
	  { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1; } \
	  || echo "Chromium is missing and could not be installed: install the package chromium; the browser tests will fail without it"

nginx:
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || { echo "Installing nginx (Debian's package)"; \
	  { apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends nginx; } >/dev/null 2>&1; } \
	  || echo "nginx is missing and could not be installed: install the package nginx; the tests of the proxy will not run without it"

# Tests start a server of their own; RUNLEVEL=1 keeps Debian's package from starting another.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { echo "Installing PostgreSQL (Debian's package)"; \
	  { apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1; } \
	  || echo "PostgreSQL is missing and could not be installed: install the package postgresql; the tests on it will not run without it"
