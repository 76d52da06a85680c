# Needs python3 (>= 3.11, with venv), make and git; each target installs what it lacks by itself.
SHELL := /bin/bash
BIN := .venv/bin
PORT ?= 8400
UV := $(shell command -v uv 2>/dev/null)
PIP := -q --disable-pip-version-check
# What only tests import is compiled when it is imported first; most of it never is.
PIP_TESTS := $(PIP) --no-compile
# Two environments are made at once.
MAKEFLAGS += --jobs=2
# Many processes start during tests; each would compile everything anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test fuzz check setup browser bench nightly lighthouse screenshots requirements clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# Before anything that is made in it: two makers of one folder stumble over each other.
$(BIN)/python:
	python3 -m venv .venv

.venv/base: requirements/base.txt pyproject.toml | $(BIN)/python
ifdef UV
	$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/base.txt
else
	$(BIN)/pip install $(PIP) --require-hashes -r requirements/base.txt
endif
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/bugsprint.pth"
	@printf '#!%s\nimport sys\nfrom app.cli import main\nsys.exit(main())\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/bugsprint
	@chmod +x $(BIN)/bugsprint
	@touch $@

.venv/dev: requirements/dev.txt .venv/base
ifdef UV
	$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
else
	$(BIN)/pip install $(PIP_TESTS) --require-hashes -r requirements/dev.txt
endif
	@touch $@

setup: .venv/base ## make .venv with the bugsprint command in it
	@echo "Ready: $(BIN)/bugsprint --help"

demo: .venv/base ## a whole customer-obsessed sprint at http://127.0.0.1:$(PORT)
	@$(BIN)/bugsprint demo --port $(PORT)

browser: .venv/dev ## find or install a Chromium for the browser tests
	@command -v chromium-headless-shell >/dev/null || [ -n "$$CHROMIUM" ] || \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq; then \
	    for it in chromium-headless-shell chromium; do \
	      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$it >/dev/null && break; \
	    done; \
	  else command -v chromium >/dev/null || $(BIN)/playwright install chromium; fi

check: .venv/dev ## format, lint, types, import contracts and the quick tests (< 60 s)
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy --num-workers auto app integrations tests benchmarks && $(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n 2 tests/core tests/house tests/integrations

.venv/fuzz/ready: requirements/fuzz.txt | $(BIN)/python
	python3 -m venv .venv/fuzz
ifdef UV
	$(UV) pip install -q --python .venv/fuzz/bin/python --require-hashes -r requirements/fuzz.txt
else
	.venv/fuzz/bin/pip install $(PIP_TESTS) --require-hashes -r requirements/fuzz.txt
endif
	@touch $@

fuzz: .venv/dev .venv/fuzz/ready ## ask the API at least 5,000 odd things: no 5xx, no answer that is not documented
	$(BIN)/python -m tests.fuzz $(CURDIR)/.venv/fuzz/bin/schemathesis

test: .venv/dev browser .venv/fuzz/ready ## everything CI runs: lint, types, contracts, unit, flow and browser tests on both databases
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy --num-workers auto app integrations tests benchmarks && $(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n 3 --dist loadgroup
	$(BIN)/python -m tests.fuzz $(CURDIR)/.venv/fuzz/bin/schemathesis

nightly: .venv/dev browser .venv/fuzz/ready ## the long robustness runs
	BUGSPRINT_TEST_SIZE=nightly $(BIN)/pytest -n 2 --dist loadgroup tests/faults tests/web/test_hook_machine.py \
	  tests/core tests/db/test_filtering.py tests/web/test_filtering.py \
	  tests/browser/test_pages.py tests/browser/looks tests/browser/test_hostile.py
	BUGSPRINT_TEST_SIZE=nightly $(BIN)/python -m tests.fuzz $(CURDIR)/.venv/fuzz/bin/schemathesis

.venv/lighthouse/ready: requirements/lighthouse/package-lock.json .venv/dev
	@command -v npm >/dev/null || { echo "Lighthouse needs Node 18 or newer, with npm."; exit 1; }
	mkdir -p .venv/lighthouse && cp requirements/lighthouse/package*.json .venv/lighthouse/
	npm ci --prefix .venv/lighthouse --ignore-scripts --no-audit --no-fund
	@touch $@

lighthouse: .venv/lighthouse/ready browser ## speed, accessibility and practice of the demo's pages on a slow phone (needs Node)
	CHROME_PATH="$${CHROMIUM:-$$(command -v chromium || command -v chromium-headless-shell || $(BIN)/python -c 'from playwright.sync_api import sync_playwright as play; print(play().start().chromium.executable_path)')}" \
	  $(BIN)/python -m tests.browser.lighthouse .venv/lighthouse

bench: .venv/dev ## each figure beside its floor, measured in the same run
	$(BIN)/python -m benchmarks

screenshots: .venv/dev browser ## take the pictures of docs/screenshots anew
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

requirements: ## compile the hashed requirements anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q pyproject.toml -o requirements/base.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --extra dev pyproject.toml -o requirements/dev.txt
	echo schemathesis | uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q - -o requirements/fuzz.txt

clean: ## remove the virtual environment and all local state
	rm -rf .venv var
