# Everything is done through these targets; each makes the environment it needs. Wanted: git, make, Python 3.11 or later.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
LOWEST := .venv-lowest/bin
SPARK := .venv-spark/bin
QUIETLY := --quiet --disable-pip-version-check

.PHONY: demo test lint types imports unit fuzz test-lowest test-spark bench reference docs format clean

demo: .venv/.ready
	cd examples/retailer-outages && ../../$(BIN)/slacheck evaluate agreement.yaml --period 2018 --fail-on never

# pytest comes last: its closing line is the last line of the output.
test: .venv/.ready
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory types
	@$(MAKE) --no-print-directory imports
	@$(MAKE) --no-print-directory unit

lint: .venv/.ready
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: .venv/.ready
	$(BIN)/mypy --strict

imports: .venv/.ready
	$(BIN)/lint-imports

unit: .venv/.ready
	@$(BIN)/pytest

# Damages agreements and exports for so many seconds, and keeps what breaks slacheck in tests/fuzz/corpus.
fuzz: SECONDS := 300
fuzz: .venv/.ready
	@$(BIN)/python -m tests.fuzz.long $(SECONDS)

# What another release changes shows in few examples; damaged inputs are for the releases that people install.
test-lowest: .venv-lowest/.ready
	@SLACHECK_EXAMPLES=8 $(LOWEST)/pytest --ignore tests/fuzz

# One Spark for all tests, so one worker. Java 17 is needed; without it they are skipped, or fail where it is required.
test-spark: .venv-spark/.ready
	@$(SPARK)/pytest -n 0 tests/spark

# ROWS chooses rows of the table, such as ROWS="one shapes"; BENCH passes options, such as BENCH="--rounds 1".
bench: .venv-bench/.ready
	@.venv-bench/bin/python -m bench $(ROWS) $(BENCH)

# The pages of docs/reference, from the models; a test fails where one is stale.
reference: .venv/.ready
	@$(BIN)/python -m tests.docs.reference

# The documentation as a site, in build/site. Strict: a link, an anchor or a page that leads nowhere fails.
docs: .venv/.ready
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

format: .venv/.ready
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf .venv .venv-* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: WANTED := --requirement requirements-dev.txt
.venv/.ready: constraints.txt
.venv-lowest/.ready: WANTED := editables hatchling hypothesis pytest pytest-xdist
.venv-lowest/.ready: constraints-lowest.txt
.venv-spark/.ready: WANTED := hypothesis pytest pytest-xdist editables hatchling
.venv-spark/.ready: EXTRA := [spark]
.venv-spark/.ready: constraints.txt
.venv-bench/.ready: WANTED := --requirement bench/requirements.txt editables hatchling
.venv-bench/.ready: constraints.txt bench/requirements.txt

# The stamp is written last: an installation that broke off is begun anew.
.venv/.ready .venv-lowest/.ready .venv-spark/.ready .venv-bench/.ready: pyproject.toml requirements-dev.txt
	@test -n "$(PYTHON)" || \
		{ echo "slacheck needs Python 3.11 or later; say which: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than Python 3.11, which slacheck needs" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "$(PYTHON) cannot make an environment; install its venv module (Debian: python3-venv)" >&2; exit 1; }
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install $(QUIETLY) $(WANTED) --constraint $(filter constraints%,$^)
	$(@D)/bin/pip install $(QUIETLY) --no-build-isolation --editable ".$(EXTRA)" --constraint $(filter constraints%,$^)
	@touch $@
