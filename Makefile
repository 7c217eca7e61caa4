# One command each for people and for CI; all set-up happens by itself and only once.
# Needs Debian 12 or newer (or a relative), Python 3.11 or newer, and make; no root, no Docker.

PYTHON ?= python3
BIN := .venv/bin
# Most of the long tests wait for telephones, so two cores carry four workers.
TEST_WORKERS ?= 4
LOAD_CALLS ?= 480
LOAD_MINUTES ?= 10
LOAD_RATE ?= 60
SIZES := acd ivrengine tests tools
RUN_READY := .venv/.run-ready
DEV_READY := .venv/.dev-ready
REQUIREMENTS := pyproject.toml requirements.lock tools/make_venv.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench load prompts

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_READY) ## start the whole system, place a demonstration call, serve until Ctrl-C
	@exec $(BIN)/ivrengine run

test: $(DEV_READY) ## run every test, real softswitch and telephones included
	@$(BIN)/ivrengine softswitch fetch --with-test-tools
	@exec $(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal $(PYTEST_OPTIONS)

check: $(DEV_READY) ## lint, format, types, layers, dialplans and sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ivrengine check dialplans
	$(BIN)/python -m tests.kit.sizes $(SIZES)

bench: $(RUN_READY) ## measure the routing core, and the whole engine beside Asterisk's own, in 12 minutes
	@exec $(BIN)/ivrengine bench

load: $(DEV_READY) ## hold all 480 lines taken for ten minutes, and judge it by a report
	@$(BIN)/ivrengine softswitch fetch --with-test-tools
	@exec $(BIN)/ivrengine load --calls $(LOAD_CALLS) --minutes $(LOAD_MINUTES) --rate $(LOAD_RATE) $(LOAD_OPTIONS)

prompts: $(DEV_READY) ## render the spoken prompts again from their texts
	@exec $(BIN)/ivrengine prompts render

$(RUN_READY): $(REQUIREMENTS)
	@$(PYTHON) -m tools.make_venv .venv .
	@touch $@

$(DEV_READY): $(REQUIREMENTS)
	@$(PYTHON) -m tools.make_venv .venv '.[dev]'
	@touch $@ $(RUN_READY)
