# Every target first makes `.venv` and installs into it, if the lock has changed.
# PYTHON=python3.12 says which Python to make it with.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
IN_VENV := .venv/Scripts/python
else
IN_VENV := .venv/bin/python
endif
# Two files of tests at a time; more would fill a laptop's memory with lessons. At the end
# it says what took longest.
PYTEST := -m pytest -n 2 --dist loadfile --durations=20 --durations-min=5

# Of another environment: its kernel would run the lessons. And without asserts no check
# can fail.
unexport JUPYTER_PATH PYTHONOPTIMIZE

# What you give is text: make and the shell pass it on as it is and run nothing of it,
# neither `…` nor $(…); so it goes through the environment.
override PHOTOS := $(value PHOTOS)
override OFFLINE := $(value OFFLINE)
override CLEAN := $(value CLEAN)
override CLASSIFIER := $(value CLASSIFIER)
override SYSTEMS := $(value SYSTEMS)
override PYTHONS := $(value PYTHONS)
export PHOTOS OFFLINE CLASSIFIER SYSTEMS PYTHONS

.PHONY: help run teach test test-offline test-matrix canary check notebooks derived \
	bench bench-lessons lab page book class lint lock clean set-up

help:  ## this list
	@echo "Transfer learning, from a neuron to your own cats-vs-dogs classifier"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: set-up  ## run the lessons, train a classifier; PHOTOS=path-or-url, OFFLINE=1
	@$(IN_VENV) -m tools.run_lessons $${PHOTOS:+"--photos=$$PHOTOS"} \
		$(if $(filter-out 0,$(OFFLINE)),--offline)

teach: set-up  ## train a classifier of your own classes; PHOTOS=folder of folders
	@$(IN_VENV) -m data_scripts.train_classifier -- \
		"$${PHOTOS:?expected PHOTOS=FOLDER, with a folder of pictures for each class}"

test: set-up  ## prove it: helpers, scripts, and the outputs of all lessons
	@$(IN_VENV) $(PYTEST)

test-offline: set-up  ## the same, with the network cut
	@$(IN_VENV) -m tools.offline $(IN_VENV) $(PYTEST)

test-matrix: set-up  ## the lessons on other Pythons, versions, settings; hours
	@$(IN_VENV) -m tools.matrix

canary: set-up  ## the lessons with today's newest releases: what will break?
	@$(IN_VENV) -m tools.matrix newest

check: lint  ## the fast part of the proof: a minute, no lesson is run
	@$(IN_VENV) -m tools.author check
	@$(IN_VENV) $(PYTEST) -q -m "not slow" tests helpers data_scripts tools benchmarks

derived: set-up  ## for authors: whatever is not up to date, in the right order
	@$(IN_VENV) -m tools.author all
	@$(IN_VENV) -m tests.faults
	@$(IN_VENV) -m tools.records

notebooks: set-up  ## run every notebooks/source/*.py anew into notebooks/*.ipynb
	@$(IN_VENV) -m tools.author build

bench: set-up  ## measure features, heads and recipes, an hour; PHOTOS=folder
	@for name in whole_path rates accuracy recipes divisions forecasts doubts; do \
		$(IN_VENV) -m benchmarks.$$name $${PHOTOS:+"--photos=$$PHOTOS"} || exit 1; done
	@$(IN_VENV) -m benchmarks.growth

bench-lessons: set-up  ## measure each lesson's seconds and memory, for the README
	@$(IN_VENV) -m tools.run_lessons --record
	@$(IN_VENV) -m tools.author map

lab: set-up  ## open your copies of the lessons in JupyterLab; CLEAN=1: fresh ones
	@$(IN_VENV) -m tools.lab $(if $(filter-out 0,$(CLEAN)),--clean)

page: set-up  ## a classifier in one HTML file; CLASSIFIER=file, lesson 6's if not
	@$(IN_VENV) -m tools.page_parts
	@$(IN_VENV) -m data_scripts.make_page $${CLASSIFIER:+-- "$$CLASSIFIER"}

book: set-up  ## lessons, exercises, tables as a web book; slides for each lesson
	@$(IN_VENV) -m tools.book

class: set-up  ## an archive for a stick; SYSTEMS="windows linux mac-arm"
	@$(IN_VENV) -m tools.class_archive $${SYSTEMS:-windows linux mac-arm} \
		$${PYTHONS:+$$(printf -- '--python %s ' $$PYTHONS)}

lint: set-up  ## check style, format and spelling
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m ruff format --check .
	@$(IN_VENV) -m codespell_lib

lock: set-up  ## make requirements*.txt from requirements*.in, for every system
	@for name in requirements requirements-page requirements-book \
		requirements-many requirements-store; do \
		$(IN_VENV) -m uv pip compile --quiet --universal --python-version 3.11 \
		--only-binary :all: --generate-hashes --custom-compile-command "make lock" \
		$$name.in -o $$name.txt || exit 1; done

clean:  ## remove .venv, build, data; not photos, classifiers, reports, pages
	rm -rf .venv build .ruff_cache
	[ ! -d data ] || find data -mindepth 1 -maxdepth 1 \
		! -name photos ! -name models ! -name reports ! -name pages -exec rm -rf {} +
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

set-up:
	@$(PYTHON) tools/set_up.py
