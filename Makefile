# The two commands of the README are `make run` and `make test`; everything else helps the people who change the code.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= data
PORT ?= 8080

.DEFAULT_GOAL := help
.PHONY: help install develop run servers test lint check format bench lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

.venv/.runtime: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.develop: .venv/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/.runtime ## .venv with .venv/bin/soso

develop: .venv/.develop ## the same with the tools of a developer

run: install ## import the sample archive and serve it on 127.0.0.1
	$(BIN)/soso run --sample sample --data $(DATA) --port $(PORT)

.servers/opensearch/lib: tests/servers/node/pom.xml
	mvn --quiet --batch-mode --file tests/servers/node/pom.xml dependency:copy-dependencies \
	  -DexcludeTypes=zip -DoutputDirectory=$(CURDIR)/$@
	@touch $@

.servers/opensearch/knn: tests/servers/node/pom.xml
	mvn --quiet --batch-mode --file tests/servers/node/pom.xml dependency:unpack-dependencies \
	  -DincludeTypes=zip -DoutputDirectory=$(CURDIR)/$@
	@touch $@

servers: develop .servers/opensearch/lib .servers/opensearch/knn ## what tests of PostgreSQL and OpenSearch need (Java 17 and Maven)

test: develop ## all tests; those of servers run after `make servers`
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lint: develop ## format, lint, types, contracts between the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## what CI runs: lint and all tests, those of the docs among them

format: develop ## lay the code out and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: develop ## what it costs, beside its peers, in one run
	$(BIN)/python -m benchmarks

lock: ## pin again what pyproject.toml asks for (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --upgrade \
	  --no-emit-index-url --no-annotate --no-header -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -c requirements.lock -o requirements-dev.lock
	uv pip compile pyproject.toml --extra cluster --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -c requirements.lock -o requirements-cluster.lock
	echo 'setuptools>=77' | uv pip compile - --universal --python-version 3.11 --generate-hashes --upgrade \
	  --no-emit-index-url --no-annotate --no-header -o requirements-build.lock

clean: ## remove what was installed and built (not the data)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build
