"""The endurance experiments, smaller; `make prove` runs the same code for as long as you like."""

import pytest

from tests.proofs import imports, log, wordpress


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_the_log_has_no_gap_and_no_deadlock_under_sixteen_writers() -> None:
    outcome = log.run(6)

    assert outcome.errors == []
    assert outcome.observed > 20
    assert outcome.done["rolled back"] > 5
    assert outcome.done["imports of 300"] >= 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_an_import_takes_neither_long_nor_much_memory_and_stops_nobody() -> None:
    outcome = imports.run(300)

    assert outcome.errors == []
    assert outcome.articles == 300
    assert outcome.published_meanwhile > 3
    assert outcome.megabytes < 400
    assert outcome.seconds < 30  # as slow as the slowest of machines; `make prove` tells figures


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_a_wordpress_export_takes_neither_long_nor_much_memory() -> None:
    outcome = wordpress.run(500)

    assert outcome.errors == []
    assert (outcome.posts, outcome.published) == (500, 475)
    assert outcome.megabytes < 400
    assert outcome.seconds < 60  # as slow as the slowest of machines; `make prove` tells figures
