# Every target first makes `.venv` and installs into it, if the lock has changed.
# PYTHON=python3.12 says which Python to make it with.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
IN_VENV := .venv/Scripts/python
else
IN_VENV := .venv/bin/python
endif

.PHONY: help run test notebooks bench-lessons lab lint lock clean set-up

help:  ## this list
	@echo "Transfer learning, from a neuron to your own cats-vs-dogs classifier"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: set-up  ## run the lessons, train a classifier; PHOTOS=path-or-url, OFFLINE=1
	@$(IN_VENV) -m tools.run_lessons $(if $(PHOTOS),--photos "$(PHOTOS)") \
		$(if $(filter-out 0,$(OFFLINE)),--offline)

test: set-up  ## prove it: helpers, scripts, and every output in every lesson
	@$(IN_VENV) -m pytest

notebooks: set-up  ## build notebooks/*.ipynb from notebooks/source/*.py, for authors
	@$(IN_VENV) -m tools.notebooks build

bench-lessons: set-up  ## measure each lesson's seconds and memory, for the README
	@$(IN_VENV) -m tools.run_lessons --offline --record
	@$(IN_VENV) -m tools.lesson_map

lab: set-up  ## open the lessons in Jupyter Lab, on this computer only
	@$(IN_VENV) -m jupyterlab notebooks

lint: set-up  ## check style and format
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m ruff format --check .

lock: set-up  ## make requirements.txt from requirements.in, for every system
	@$(IN_VENV) -m uv pip compile --quiet --universal --python-version 3.10 \
		--only-binary :all: --generate-hashes --custom-compile-command "make lock" \
		requirements.in -o requirements.txt

clean:  ## remove .venv, build, data; not photographs and your classifier
	rm -rf .venv build .ruff_cache
	[ ! -d data ] || find data -mindepth 1 -maxdepth 1 \
		! -name photos ! -name models -exec rm -rf {} +
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

set-up:
	@$(PYTHON) tools/set_up.py
