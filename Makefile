# setup  make .venv and node_modules from the locks (does nothing the second time)
# run    everything on 127.0.0.1:$PORT (8000) with invented people, until Ctrl-C
# test   lint, then every test beside throw-away servers, then the coverage thresholds
# lint   style, types, import contracts, migrations, deployment settings, templates
# prove  faults and properties at full size, what measures time by itself   bench  the measurements
# clean  remove caches; .venv, node_modules and the data in .data stay

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run

PORT ?= 8000
DEMO ?= 1
PYTEST_ARGS ?=
# So many tests at a time, each process on a database of its own; who falls idle takes over work.
WORKERS ?= auto
AT_A_TIME := -n $(WORKERS) --maxprocesses 4 --dist worksteal
# Households wait more than they work: for leases to pass, for servers to come back.
TWO_AT_A_TIME := -n 2 --dist worksteal
PY := .venv/bin/python
# Real servers from wheels for the length of one command; those in the environment are preferred.
BESIDE_SERVERS := $(PY) -m config.embedded exec --
# Tests on a busy machine hold a transaction open for longer than a server may wait in earnest.
TEST_ENV := DEMO=0 SECURE_TRANSPORT=0 DATABASE_PATIENCE_SECONDS=120

PROVING := $(BESIDE_SERVERS) env $(TEST_ENV) PROVE=1 $(PY) -m pytest tests/faults tests/properties --timeout=1800

.PHONY: setup run test lint prove bench clean

setup:
	@.ci/setup

run: setup
	@exec env PORT="$(PORT)" DEMO="$(DEMO)" $(PY) -m config.supervisor

lint: setup
	@$(BESIDE_SERVERS) $(MAKE) --no-print-directory lint-beside-servers

# Settings as in production: what `check --deploy` says has to hold there.
.PHONY: lint-beside-servers
lint-beside-servers: export DEMO := 0
lint-beside-servers: export SECURE_TRANSPORT := 1
lint-beside-servers: export ALLOWED_HOSTS := casework.invalid
lint-beside-servers:
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check --deploy --fail-level WARNING
	git ls-files -z --cached --others --exclude-standard '*/templates/*.html' | xargs -0 -r .venv/bin/djade --check --target-version 5.2

test: lint
	@rm -f .coverage .coverage.*
	$(BESIDE_SERVERS) env $(TEST_ENV) $(PY) -m pytest --ignore=tests/benchmarks $(AT_A_TIME) --cov --cov-report= $(PYTEST_ARGS)
	$(PY) -m coverage report --include='*/domain/*' --fail-under=100
	$(PY) -m coverage report --omit='*/domain/*' --fail-under=90
	@echo "all checks passed"

prove: setup
	$(PROVING) -m "not alone" $(TWO_AT_A_TIME) $(PYTEST_ARGS)
	$(PROVING) -m alone -n 0 $(PYTEST_ARGS)

bench: setup
	$(BESIDE_SERVERS) env $(TEST_ENV) timeout 1500 $(PY) -m pytest tests/benchmarks -s --timeout=600 $(PYTEST_ARGS)

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find casework screening config fixtures tests -name __pycache__ -type d -prune -exec rm -rf {} +
