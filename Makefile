# Every target sets up what it needs. Two to know: `make demo` and `make test`.

SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py

# The first Python of 3.11 or newer that can make a virtual environment.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$p"; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help install demo serve worker stop test test-postgresql15 check format openapi screenshots translations lock audit prove bench

help:
	@echo "make demo     set everything up and serve a newsroom with content on http://127.0.0.1:8000"
	@echo "make test     set everything up and run the tests"
	@echo "make check    lint, format, types, migrations, dependencies"
	@echo "make serve    serve, without the demo's content    make worker   do what is due on time"
	@echo "make stop     stop the embedded database           make install  only the environment"
	@echo "make format   mend lint and format                 make openapi  write docs/openapi.json"
	@echo "make prove NAME=log N=60   an endurance experiment (docs/proofs/)"
	@echo "make bench N=10000         what requests cost (docs/performance.md)"
	@echo "make lock     lock the dependencies again          make audit    known vulnerabilities"

install: $(VENV)/.installed

$(VENV)/.installed: requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with the module venv is needed. On Debian:" \
		"apt install python3 python3-venv. Or name one: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@echo "Installing Dastan's packages into $(VENV); this takes a minute or two the first time."
	@test -x $(PY) && $(PY) -c 'import pip' 2>/dev/null || { rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV); }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: install
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_demo
	@$(MANAGE) load_demo_rates
	@$(MANAGE) create_demo_logins
	@exec $(MANAGE) serve

serve: install
	@$(MANAGE) migrate --verbosity 0
	@exec $(MANAGE) serve

worker: install
	@exec $(MANAGE) worker

stop:
	@if test -x $(PY); then $(PY) -m cms.embedded_postgres stop; fi

test: install
	$(PY) -m pytest --numprocesses auto --dist loadgroup

# The tests of migrations, triggers and SQL once more, on the oldest PostgreSQL that is supported.
test-postgresql15: install
	tests/on_postgresql15.sh $(PY) -m pytest --numprocesses auto --dist loadgroup -m "sql and not bulk"

check: install
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	$(PY) -m deptry .
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --database default --fail-level WARNING

format: install
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# Some of them stand in docs/editors.md.
screenshots: install
	SCREENSHOTS=screenshots $(PY) -m pytest tests/browser/test_screens.py
	cp screenshots/{dashboard,form,list,calendar,history,conflict,compare}-1440-light-en.png docs/pictures/

# Needs gettext (Debian: apt-get install gettext).
translations: install
	cd articles && ../$(PY) ../manage.py makemessages --locale ru --no-location --no-wrap
	cd cms && ../$(PY) ../manage.py makemessages --locale ru --no-location --no-wrap
	cd rates && ../$(PY) ../manage.py makemessages --locale ru --no-location --no-wrap
	for app in articles cms rates; do msgfmt --check-format \
		-o $$app/locale/ru/LC_MESSAGES/django.mo $$app/locale/ru/LC_MESSAGES/django.po; done

openapi: install
	$(MANAGE) write_openapi docs/openapi.json

lock: install
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" -c requirements.txt requirements-dev.in -o requirements-dev.txt

audit: install
	$(PY) -m pip_audit --requirement requirements.txt

prove: install
	$(PY) -m tests.proofs $(NAME) $(N)

bench: install
	$(PY) -m tests.bench $(N) $(if $(DIFFERENT),--different $(DIFFERENT))
