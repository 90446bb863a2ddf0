# Needs Python 3.11 or newer, git and make. `make` alone lists the targets.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install servers test lint demo bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv with smmflow and its tools

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -U pip
	$(BIN)/pip install -q -e . --group test --group lint
	@touch $@

servers: ## Install the real servers of the tests, as far as possible here
	@tests/servers/install.sh

test: install servers ## Run the tests and measure their coverage
	@tests/run.sh

lint: install ## Check style, formatting, types and the layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

demo: install ## Show a day of work with this repository's own posts
	bash tools/demo.sh

bench: install ## Measure speed
	$(BIN)/python -m benchmarks

clean: ## Remove everything that was made
	rm -rf .venv tests/servers/node_modules dist public .demo .coverage*
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
