# Everything runs in .venv, made from the lock files; nothing else on the machine is touched.
# Needs Python >= 3.11, make and a package index. PYTHON=… picks the interpreter, VENV=… another place.

VENV ?= .venv
PYTHON ?= python3
RUN := $(VENV)/bin/python
# Two workers, each with a PostgreSQL and a browser of its own; what ARGS says comes later and wins.
TEST := $(RUN) -m pytest -n 2 --dist load
PIP := $(RUN) -m pip --disable-pip-version-check -q
LOCK := $(RUN) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
NEW_ENOUGH := import sys, ensurepip, venv; assert sys.version_info >= (3, 11); print(sys.executable)

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak lock sbom wheel advisories clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# HOST counts only where it stands on make's own line: some shells keep the machine's name in it.
demo: $(VENV)/.demo ## Try the bot in the playground, without any account (HOST=… PORT=…)
	@$(RUN) -m bot demo $(if $(filter command,$(origin HOST)),--host $(HOST)) $(if $(PORT),--port $(PORT))

test: $(VENV)/.dev ## Run every test this machine can run (ARGS=… goes to pytest)
	@$(TEST) $(ARGS)

check: $(VENV)/.dev ## Format, lint, types and tests: what has to pass
	$(RUN) -m ruff format --check bot tests
	$(RUN) -m ruff check bot tests
	$(RUN) -m mypy
	$(TEST) $(ARGS)

bench: $(VENV)/.dev ## Measure the bot beside its baselines, in one run (ARGS=… picks some by name)
	@$(RUN) -m tests.benchmarks $(ARGS)

SEED ?= 1
MINUTES ?= 10
soak: $(VENV)/.dev ## Four processes, 100 workspaces, every fault at once (MINUTES=… SEED=… ARGS=--jobs=…)
	@$(RUN) -m tests.soak --minutes $(MINUTES) --seed $(SEED) $(ARGS)

lock: $(VENV)/.dev ## Write the lock files anew from pyproject.toml (ARGS=--upgrade for newer versions)
	$(LOCK) $(ARGS) pyproject.toml -o requirements.txt
	$(LOCK) $(ARGS) --extra dev pyproject.toml -o requirements-dev.txt

sbom: $(VENV)/.dev ## Write dist/sbom.cdx.json: what is locked, with licenses and hashes (CycloneDX)
	@mkdir -p dist && $(RUN) -m tests.packaging.sbom > dist/sbom.cdx.json && echo dist/sbom.cdx.json

wheel: $(VENV)/.dev ## Build the wheel in dist/; the same sources give the same bytes
	@$(RUN) -m tests.packaging.wheel dist

# Its many dependencies aren't ours to lock: it runs in an environment of its own. --strict: what it can't ask
# about is a failure, not a pass.
advisories: $(VENV)/.dev ## Look for known vulnerabilities of what is locked (needs an advisory source)
	$(RUN) -m uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements.txt

clean: ## Remove .venv and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: a second run is instant, a changed lock file installs again, an interrupted run leaves none.
$(VENV)/.demo: requirements.txt $(VENV)/.made
	@echo "Installing what requirements.txt locks into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt $(VENV)/.made
	@echo "Installing what requirements-dev.txt locks into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.demo $@

# A .venv that works is taken as it is; one that doesn't (half made, its Python gone) is made again.
# Interpreters are also asked from /, where no .python-version of a version manager hides them.
$(VENV)/.made:
	@if ! $(RUN) -c '$(NEW_ENOUGH); import pip' >/dev/null 2>&1; then \
		for from in . /; do for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3; do \
			found=$$(cd $$from && $$python -c '$(NEW_ENOUGH)' 2>/dev/null) && break 2; done; done; \
		[ -n "$$found" ] || { echo "jobbot needs Python 3.11 or newer, with its venv module:" \
			"install it, or name it with PYTHON=/path/to/python3" >&2; exit 1; }; \
		rm -rf $(VENV) && "$$found" -m venv $(VENV); \
	fi
	@touch $@

ifneq ($(shell $(RUN) -c 'import pip; print(1)' 2>/dev/null),1)
.PHONY: $(VENV)/.made # the stamp outlived what it stood for
endif
