# Every target makes the virtual environment it needs; nothing but Python 3.11+ is assumed.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= output
RECORDS ?=

# In the order of the folders, which ends with many short files: by default the files with
# the fewest tests come last, which are the longest, and one core waits for the other.
ALL_CORES := -n auto --dist loadfile --no-loadscope-reorder

# The stamp of an extra is renewed when pyproject.toml changes.
REPORT_READY := $(VENV)/.report
LAB_READY    := $(VENV)/.lab
TEST_READY   := $(VENV)/.test
DOCS_READY   := $(VENV)/.docs

.DEFAULT_GOAL := help
.PHONY: help report test quick check types format lab docs bench clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# The landscape last, for report.json tells of the report made last.
report: $(REPORT_READY) ## Write the landscape report and its supplement (HTML and PDF) of the example records, or of RECORDS=path, into output/
	@for name in supplement landscape; do \
		$(BIN)/trialkit report $$name --out $(OUT) $(if $(RECORDS),--records $(RECORDS)) || exit; \
	done

test: $(TEST_READY) ## Run all tests
	@$(BIN)/python -m pytest -q $(ALL_CORES)

quick: $(TEST_READY) ## Run the quick tests, in under a minute
	@$(BIN)/python -m pytest -q $(ALL_CORES) -m "not slow"

check: $(TEST_READY) ## Format, lint, types and tests: the same as CI
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --jobs=2 types test

types: $(TEST_READY) ## Check the types
	@$(BIN)/pyright -p . --pythonpath $(BIN)/python

format: $(TEST_READY) ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lab: $(LAB_READY) ## Open the notebooks in JupyterLab
	$(BIN)/trialkit lab

docs: $(DOCS_READY) ## Build the documentation site into docs/site/
	@$(BIN)/python -m sphinx -qWE --keep-going -b html docs docs/site
	@echo docs/site/index.html

bench: $(TEST_READY) ## Measure speed and memory against baselines
	$(BIN)/python -m benchmarks

clean: ## Remove the environment and everything that was made
	rm -rf $(VENV) $(OUT) docs/site build dist .pytest_cache .ruff_cache .hypothesis

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("trialkit needs Python 3.11 or newer; set PYTHON=python3.12, say")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(REPORT_READY): $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[report]'
	@touch $@

$(TEST_READY): $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(REPORT_READY) $(LAB_READY) $(DOCS_READY)

$(LAB_READY): $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lab]'
	@touch $@ $(REPORT_READY)

$(DOCS_READY): $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@ $(REPORT_READY) $(LAB_READY)
