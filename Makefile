# Each target makes the virtual environment it needs; `make demo` and `make test` are all a new machine needs.

# The first Python 3.11 or newer; name another with: make PYTHON=…
PYTHON ?= $(or $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done),python3)
# Where compiled modules are not kept, each program that a test starts compiles the whole package again.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint test-judges sweep test-sweeps test-long bench bench-parts docs docs-site plurals action-requirements clean

demo: $(READY)
	@$(BIN)/l10nsync demo

test: lint
	$(BIN)/pytest -n 2 -m "not long and not sweep and not judges"

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The guarantees at the figures that every change has to pass: minutes, where `make test` does a part of each.
test-sweeps: $(READY)
	$(BIN)/pytest -n 2 -m sweep

# The programs that load each type in production read what was pulled; .ci/run installs those that are missing.
test-judges: $(READY) .node/.ready .judges/.ready
	$(BIN)/python -m pip install --quiet --group docs
	$(BIN)/pytest -n 2 -m judges

# The same, and the readers, over real repositories, each a folder inside the one named: make sweep REPOSITORIES=…
sweep: $(READY) .node/.ready
	$(BIN)/python -m tests.judges.sweep $(REPOSITORIES)

test-long: $(READY)
	$(BIN)/python -m pip install --quiet --group long
	$(BIN)/pytest -n 2 -m long

# What whole commands take, beside another one if it is named: make bench VS=../old/.venv/bin/l10nsync
bench: $(READY)
	$(BIN)/python benchmarks/commands.py $(if $(VS),--vs '$(VS)') $(ARGS)

# What parts of it take.
bench-parts: $(READY)
	@for script in $(filter-out %/commands.py,$(sort $(wildcard benchmarks/*.py))); do \
	  echo "== $$script"; $(BIN)/python $$script || exit 1; done

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[sandbox]' --group dev
	@touch $(READY)

# The parts of the documentation that are made from other files.
docs: $(READY)
	$(BIN)/python -m tests.github.documented
	$(BIN)/python -m tests.manual

# The table of plural categories, of two versions of CLDR.
plurals: $(READY) .node/.ready
	$(BIN)/python -m tests.plural_table
	$(BIN)/ruff format --quiet l10nsync/formats/plural_table.py

# The documentation as a site, in build/docs/site.
docs-site: $(READY)
	$(BIN)/python -m pip install --quiet --group docs
	$(BIN)/python -m tests.site

# The Action's pinned dependencies, from pyproject.toml; no address of a package index gets into the file.
action-requirements: $(READY)
	{ echo '# The runtime dependencies of the Action, pinned by hash: `make action-requirements` writes this file.'; \
	  $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	    --no-annotate --no-header pyproject.toml; } > action/requirements.txt

# The official Node client, for the test that holds the sandbox to it; release tools, for the recipes of their hooks;
# what loads and formats messages on JavaScript platforms, as judges of pulled files.
.node/.ready: Makefile
	npm install --prefix .node --no-save --no-package-lock --no-audit --no-fund --silent smartling-api-sdk-nodejs@2.27 \
	  release-it@19 semantic-release@24 @semantic-release/exec@7 \
	  i18next@26.7 @intlify/core-base@11.4 @formatjs/icu-messageformat-parser@3.5 intl-messageformat@12.1 \
	  @messageformat/core@3.4 @fluent/bundle@0.19 banana-i18n@2.4 @mdx-js/mdx@3.1 cldr-core@27.0.3 \
	  @angular/localize@20.3 @angular/compiler@20.3 @angular/compiler-cli@20.3 typescript@5.9
	@touch $@

# The schemas of a client in production, without the web framework that the rest of it is for; a client in Go.
.judges/.ready: Makefile $(wildcard tests/judges/go_client/*)
	$(BIN)/python -m pip install --quiet --target .judges 'django>=5.2,<6' 'djangorestframework>=3.16,<4'
	$(BIN)/python -m pip install --quiet --no-deps --target .judges wagtail-localize-smartling==0.13.0
	! command -v npm >/dev/null || (cd .judges && npm pack --silent @crowdin/cli@4.15.1 && \
		tar -xzf crowdin-cli-4.15.1.tgz --strip-components=2 package/jdeploy-bundle/crowdin-cli.jar)
	! command -v go >/dev/null || (cd tests/judges/go_client && go build -o $(CURDIR)/.judges/go_client .)
	@touch $@

clean:
	rm -rf $(VENV) .node .judges .demo .artifacts .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
