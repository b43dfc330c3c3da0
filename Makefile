# Needs make and Python 3.11 or newer. Everything goes into .venv and out/.

VENV := .venv
BIN := $(VENV)/bin
OUT := out
# Another interpreter: make test PYTHON=python3.13
PYTHON ?=
# How the tests run: make test TESTS="-n 0 tests/house"
TESTS ?= -n 2
# The day of the map, and the last day of the history
DAY ?= 2026-09-19

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types repo bench docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/plot.stamp ## The H20's history for China, and a map of the chips in out/
	@mkdir -p $(OUT)
	@$(BIN)/klartecken map --on $(DAY) -o $(OUT)/map.svg > $(OUT)/map.log 2>&1 || { cat $(OUT)/map.log; exit 1; }
	@$(BIN)/klartecken map --on $(DAY) -o $(OUT)/map.png > $(OUT)/map.log 2>&1 || { cat $(OUT)/map.log; exit 1; }
	@rm -f $(OUT)/map.log
	@$(BIN)/klartecken history nvidia-h20 --to CN --exporter NVIDIA --until $(DAY)
	@echo
	@echo "Map of the chips against the lines of the law: $(OUT)/map.svg and $(OUT)/map.png"
	@echo "Whole order books: docs/order-book.md"
	@echo "Ask your own: $(BIN)/klartecken check nvidia-h20 --to CN --on 2025-07-15 --exporter NVIDIA"

test: $(VENV)/dev.stamp ## The tests, in two processes
	@mkdir -p $(OUT)
	$(BIN)/python -m pytest $(TESTS) --junitxml=$(OUT)/tests.xml

check: lint types repo test ## Format, lint, types, repository checks, tests

lint: $(VENV)/dev.stamp
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/python -m mypy

repo: $(VENV)/dev.stamp
	$(BIN)/python tools/check_repository.py

bench: $(VENV)/bench.stamp ## Compare with other engines; writes bench/RESULTS.md
	$(BIN)/python bench/single.py
	$(BIN)/python bench/book/run.py
	$(BIN)/python bench/parties/recall.py --peers
	$(BIN)/python bench/parties/speed.py
	$(BIN)/python bench/parties/ownership.py

docs: $(VENV)/dev.stamp ## Write the generated pages, outputs and pictures anew
	$(BIN)/python tools/law_docs.py
	$(BIN)/python tools/desk_docs.py
	$(BIN)/python tools/cli_docs.py
	$(BIN)/python tools/refresh_docs.py
	$(BIN)/python tools/map_docs.py

clean: ## Remove the environment and everything that can be made again
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp for each set of extras; only a change of pyproject.toml installs again.
$(VENV)/plot.stamp: pyproject.toml
	@PYTHON="$(PYTHON)" sh tools/make_venv.sh $(VENV) plot
	@touch $@

$(VENV)/dev.stamp: pyproject.toml
	@PYTHON="$(PYTHON)" sh tools/make_venv.sh $(VENV) dev,plot
	@touch $(VENV)/plot.stamp $@

$(VENV)/bench.stamp: pyproject.toml
	@PYTHON="$(PYTHON)" sh tools/make_venv.sh $(VENV) bench
	@touch $@
