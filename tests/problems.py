"""The one assertion for errors: RFC 9457, the right code, and the parameter it is about."""

from typing import Any

from cms.api.problems import CONTENT_TYPE, KINDS


def assert_problem(
    response: Any, code: str, *, parameter: str | None = None, pointer: str | None = None
) -> dict[str, Any]:
    """Assert that ``response`` is this problem, and return its document."""
    assert response["Content-Type"] == CONTENT_TYPE, response.content[:300]
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    assert response.status_code == problem["status"] == KINDS[code].status
    assert problem["type"].endswith(f"/problems/{code}")
    assert problem["title"] == KINDS[code].title
    assert problem["detail"]
    assert response["Cache-Control"] == "no-store"
    if parameter is not None:
        assert parameter in [error.get("parameter") for error in problem["errors"]], problem
    if pointer is not None:
        assert pointer in [error.get("pointer") for error in problem["errors"]], problem
    return problem
