from collections.abc import Iterator

import pytest
import time_machine

from tests.rates.quoting import NOW


@pytest.fixture
def thursday() -> Iterator[None]:
    """It is ``NOW``, and stays so."""
    with time_machine.travel(NOW, tick=False):
        yield
