"""CSV that is safe to open in a spreadsheet."""

import csv
import io

import pytest

from cms.spreadsheets import csv_line, harmless


def test_it_works() -> None:
    line = csv_line(["=1+1", "Wind, “strong”\nwind", 'a "b"', None, -5, ""])

    assert line == '"\'=1+1","Wind, “strong”\nwind","a ""b""","","-5",""\r\n'
    [read] = csv.reader(io.StringIO(line, newline=""))
    assert read == ["'=1+1", "Wind, “strong”\nwind", 'a "b"', "", "-5", ""]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1", "'=1"),
        (" +1", "' +1"),
        ("\t=1", "'\t'=1"),
        ("a;=1", "a;'=1"),
        ("a,@SUM(A1)", "a,'@SUM(A1)"),
        ("a\t-1", "a\t'-1"),
        ("a\r\n=1", "a\r\n'=1"),
        ("a\n=1", "a\n'=1"),
        ('";"=1', '";\'"=1'),
        ("＝1", "'＝1"),
        ("\ttext", "'\ttext"),
        ("a-b = c", "a-b = c"),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"),
        (7, 7),
    ],
)
def test_nothing_in_a_cell_is_a_formula(typed: object, written: object) -> None:
    assert harmless(typed) == written
