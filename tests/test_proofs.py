"""The endurance experiments, smaller; `make prove` runs the same code for as long as you like."""

import pytest

from tests.proofs import log


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_the_log_has_no_gap_and_no_deadlock_under_sixteen_writers() -> None:
    outcome = log.run(6)

    assert outcome.errors == []
    assert outcome.observed > 20
    assert outcome.done["rolled back"] > 5
    assert outcome.done["imports of 300"] >= 1
