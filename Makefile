# `make serve` and `make test` work from nothing; README.md lists what the machine must have.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build serve test bench check sqlx clean

ENV := . deploy/setup/environment.sh &&
TARGET := $${CARGO_TARGET_DIR:-target}/release
# Tests start a PostgreSQL of their own; one that this machine happens to have must not matter.
NO_DATABASE := env -u DATABASE_URL -u PGHOST -u PGHOSTADDR -u PGPORT -u PGUSER -u PGPASSWORD -u PGPASSFILE -u PGDATABASE \
	-u PGSERVICE -u PGOPTIONS -u PGSSLMODE

help: ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 16

setup: ## Fetch PostgreSQL and build the Python runtime
	@deploy/setup/setup.sh parts

build: ## Build everything
	@deploy/setup/setup.sh

serve: build ## Build what is missing and start the server on 127.0.0.1:8080
	@$(ENV) exec "$(TARGET)/assay" serve

test: ## Run all tests
	@$(NO_DATABASE) deploy/setup/setup.sh
	@$(ENV) exec $(NO_DATABASE) cargo test --release --locked

bench: ## Measure against plain python3 processes on this machine
	@$(NO_DATABASE) deploy/setup/setup.sh
	@$(ENV) cargo build --release --locked --examples
	@$(ENV) exec $(NO_DATABASE) python3 tests/bench/run.py

check: ## What is checked before every merge: format, lints, queries, documentation, tests
	@.ci/run

sqlx: ## Bring .sqlx up to date after a change of a query or migration
	@deploy/setup/setup.sh tools
	@$(ENV) deploy/setup/sqlx-prepare.sh

clean: ## Remove what was built; the data folder stays
	@rm -rf target .assay
