# The portal's everyday commands. Paths are relative, so that the checkout may lie anywhere.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip -qq --disable-pip-version-check --no-input
BROWSERS := chromium chromium-browser google-chrome

# What Python compiles is kept beside the packages, whatever the machine's own setting: every command starts sooner.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/bytecode

.PHONY: run test checks audit bench browser lock clean venv

run: export PORTAL_DEMO := 1
run: venv
	$(call install,requirements.txt)
	@$(PY) manage.py serve

# One server for everything, instead of one for each command; it stops at the end.
test: venv browser
	$(call install,requirements-test.txt)
	@$(PY) -m cbmportal.postgres -- $(MAKE) --no-print-directory checks

checks:
	$(PY) manage.py catalogues compile
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m djlint --lint --quiet templates
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	$(PY) -m pytest -n auto

# The long checks: every page in every language, light and dark, narrow and wide; many more invented cases.
audit: venv browser
	$(call install,requirements-test.txt)
	@$(PY) manage.py catalogues compile
	@$(PY) -m cbmportal.postgres -- $(PY) -m pytest -n auto --audit tests/everywhere \
		tests/cbmportal/api/test_fuzzing.py tests/cbmportal/history tests/contacts/test_access.py tests/contacts/test_models.py

# Measures, and fails where a limit is exceeded: the pages and the API; with SCALE=1 growth to a million policies.
bench: venv
	$(call install,requirements-test.txt)
	@$(PY) manage.py catalogues compile
	@$(PY) -m cbmportal.postgres -- $(PY) -m benchmarks $(if $(SCALE),growth,$(PARTS))

# What is installed is what the lock says, file by file. The copy of the lock tells that it was.
define install
@cmp -s $(1) .venv/$(1) || { echo "Installing the packages of $(1) …" && \
	$(PIP) install --no-compile --require-hashes -r $(1) && cp $(1) .venv/$(1); }
endef

venv:
	@command -v "$(PYTHON)" >/dev/null || \
	{ echo "Python 3.11 or newer is needed, and $(PYTHON) is not there; name another with PYTHON=…" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 or newer is needed; name one with PYTHON=python3.12, for example." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "Python's venv module is missing; on Debian and Ubuntu the package python3-venv has it." >&2; exit 1; }
	@[ "$$(cat .venv/python-version 2>/dev/null)" = "$$("$(PYTHON)" -VV)" ] || \
	{ echo "Making the virtual environment …" && "$(PYTHON)" -m venv --clear .venv && \
	"$(PYTHON)" -VV > .venv/python-version; }

browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium …"; export DEBIAN_FRONTEND=noninteractive; \
		apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium >/dev/null && exit 0; \
	fi; \
	echo "The browser tests need Chromium: install the package chromium and run make test again." >&2; exit 1

# Keeps the versions that still fit; "make lock UPGRADE=--upgrade" takes the newest.
COMPILE = .data/uv/bin/python -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header $(UPGRADE)
lock:
	@test -d .data/uv || { echo "Installing uv …" && "$(PYTHON)" -m venv .data/uv; }
	@.data/uv/bin/python -m pip -qq --disable-pip-version-check install uv
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group test --constraint requirements.txt --output-file requirements-test.txt

# Everything that make made here; the data of an embedded database too.
clean:
	@test ! -e .data/cluster || env -u PORTAL_DATA "$(PYTHON)" -m cbmportal.postgres --remove
	rm -rf .venv .data
