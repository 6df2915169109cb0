# The two commands of a newcomer: make demo, make test. Each sets everything up by itself.
# Settings come from the environment: PORT, SERVE=0, DATABASE_URL, REDIS_URL, … (README).

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done)
PREPARE = $(if $(PYTHON),,$(error Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11))$(PYTHON) bin/prepare.py
BIN = .venv/bin
SERVICES = $(BIN)/python -m motcua.localservices
# `make check` judges the settings of production, with secrets that are worth nothing.
PRODUCTION = DEMO=0 ALLOWED_HOSTS=example.test PUBLIC_URL=https://example.test FIELD_HASH_KEY=check FIELD_KEYS=check:Y2hlY2stY2hlY2stY2hlY2stY2hlY2stY2hlY2stY2g= \
	SECRET_KEY=only-for-the-checks-0123456789-abcdefghijklmnopqrstuvwxyz

export PORT SERVE
MAKEFLAGS += --no-print-directory
.PHONY: demo test check fmt stop backup restore lock

demo:
	@$(PREPARE) demo && exec $(SERVICES) demo

test:
	@$(PREPARE) test && exec $(SERVICES) run $(BIN)/pytest -n auto --cov

check:
	@$(PREPARE) test && exec $(SERVICES) run $(MAKE) --keep-going checks

# One target a tool, so that --keep-going shows what each has to say.
CHECKS = lint format types contracts templates settings migrations safe-migrations dependencies
.PHONY: checks $(CHECKS)
checks: $(CHECKS)
lint:
	$(BIN)/ruff check --quiet .
format:
	$(BIN)/ruff format --quiet --check .
types:
	$(BIN)/mypy .
contracts:
	$(BIN)/lint-imports
templates:
	$(BIN)/djlint templates --lint --check --quiet
settings:
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
migrations:
	$(BIN)/python manage.py makemigrations --check --dry-run
safe-migrations:
	$(BIN)/python manage.py lintmigrations --settings tests.settings --no-cache --quiet ok ignore \
		--include-apps calendars agencies procedures notifications dossiers feedback reports
dependencies:
	$(BIN)/python bin/audit_dependencies.py

fmt:
	@$(PREPARE) test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

stop:
	@if [ -x $(BIN)/python ]; then exec $(SERVICES) stop; else echo "nothing was running"; fi

backup:
	@$(PREPARE) demo && exec $(BIN)/python manage.py backup

restore:
	@$(if $(FILE),,$(error Which one? make restore FILE=var/backups/….tar))$(PREPARE) demo && exec $(BIN)/python manage.py restore "$(FILE)"

# Pins change only here, by hand: see what moved with git diff.
LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet
lock:
	$(LOCK) requirements/base.in -o requirements/base.lock
	$(LOCK) requirements/dev.in -c requirements/base.lock -o requirements/dev.lock
	npm install --package-lock-only --ignore-scripts
