"""The project's settings, with two views more to compare with (tests/bench/urls.py)."""

from cms.settings import *  # noqa: F403 -- all of them, as Django reads them

ROOT_URLCONF = "tests.bench.urls"
