"""`make bench`, smaller; what costs what is for docs/performance.md to tell."""

from pathlib import Path

import pytest

from tests.bench import report

MEASURED = [
    "hot, list or article",
    "matching ETag",
    "response cache cold, list of 20",
    "all cold, list of 20",
    "a count of all or of one region",
    "memory of one worker",
    "a cursor's page, against 10000 articles",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_it_works() -> None:
    report.fill(2100)
    few = report.newsroom()  # which is the same one here

    told: list[str] = []
    text = report.measure(2100, 0.0, requests=8, different=16, few=few, tell=told.append)

    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    for what in MEASURED:
        assert sum(row.startswith(what) for row in rows) == 1, what
    assert rows.count("page 100 of all") == 5
    assert rows.count("ticker") == 4
    assert rows.count("the end of a region") == 1
    assert "all cold" in told


def test_a_page_keeps_its_other_sections(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\n## 10 articles\n\nold\n\n## 20 articles\n\nkept\n")

    report.insert(page, "10 articles", "new")
    report.insert(page, "30 articles", "newest")

    assert page.read_text() == (
        "# Performance\n\n## 10 articles\n\nnew\n\n## 20 articles\n\nkept\n\n"
        "## 30 articles\n\nnewest\n"
    )
