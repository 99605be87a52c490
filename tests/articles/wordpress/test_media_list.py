"""``--media-csv``: the list of the old site's pictures and files."""

import csv
from pathlib import Path

import pytest

from tests.articles.wordpress.exports import make_attachment, make_export, make_post, run_command

pytestmark = pytest.mark.django_db


def written(tmp_path: Path, *parts: str) -> list[dict[str, str]]:
    (tmp_path / "export.xml").write_bytes(make_export(make_post(1), *parts))
    path = tmp_path / "media.csv"
    code, _, err = run_command(str(tmp_path / "export.xml"), "--media-csv", str(path))
    assert (code, err) == (0, "")
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_it_works(tmp_path: Path) -> None:
    rows = written(
        tmp_path,
        make_attachment(
            7,
            "https://media.example.org/плотина.jpg",
            title="Dam",
            alt="A dam",
            excerpt='The "dam",\nat dawn',
            post_parent="1",
            metadata='a:2:{s:5:"width";i:1200;s:6:"height";i:800;}',
        ),
        make_attachment(8, "https://media.example.org/report.pdf", post_parent="0"),
    )

    assert rows == [
        {
            "id": "7",
            "url": "https://media.example.org/плотина.jpg",
            "title": "Dam",
            "alt": "A dam",
            "caption": 'The "dam",\nat dawn',
            "width": "1200",
            "height": "800",
            "post_id": "1",
            "date": "2026-02-20 06:15:00",
        },
        {
            "id": "8",
            "url": "https://media.example.org/report.pdf",
            "title": "Title 8",
            "alt": "",
            "caption": "",
            "width": "",
            "height": "",
            "post_id": "0",
            "date": "2026-02-20 06:15:00",
        },
    ]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_text_is_a_formula(formula: str, tmp_path: Path) -> None:
    [row] = written(
        tmp_path,
        make_attachment(
            7, "https://media.example.org/a.jpg", title=formula, alt=formula, excerpt=formula
        ),
    )

    assert {row["title"], row["alt"], row["caption"]} == {f"'{formula}"}


def test_what_has_no_address_is_no_file(tmp_path: Path) -> None:
    assert written(tmp_path, make_attachment(7, "", guid="")) == []
