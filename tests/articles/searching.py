"""Asking the search of articles."""

from typing import Any

from django.test import Client

URL = "/api/v1/articles"


def answer(client: Client, q: str, **values: Any) -> dict[str, Any]:
    response = client.get(URL, {"q": q, "fields": "title", **values})
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def titles(client: Client, q: str, **values: Any) -> list[str]:
    return [each["title"] for each in answer(client, q, **values)["results"]]
