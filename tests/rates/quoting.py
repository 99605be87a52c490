"""Readers of rates: a moment to read at, and answers that have to be there."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

BASE = "/api/v1/rates"
# A Thursday, 11:00 in Almaty and Bishkek.
NOW = datetime(2026, 5, 21, 6, tzinfo=UTC)


def read(client: Client, path: str) -> Any:
    """The JSON of what is below /rates."""
    response = client.get(f"{BASE}/{path}")
    assert response.status_code == 200, response.content
    return response.json()
