"""Files that want to do harm are refused, in bounded memory, and leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.importers.wordpress import media, reading, survey
from tests.articles.importing import everything
from tests.articles.wordpress.exports import (
    make_attachment,
    make_author,
    make_export,
    make_post,
    make_tag,
    refusal,
    run_wordpress,
)
from tests.processes import start_python

MEGABYTE = 1024 * 1024

# Says at its end how much memory it had at most; of its own, since its address space is new.
PROGRAM = """
import sys
from django.core.management import CommandError, call_command, execute_from_command_line
import django
django.setup()
try:
    call_command("import_wordpress", sys.argv[1])
except CommandError as error:
    print(error)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
TOO_LONG = (
    "content:encoded: A body has at most 1000000 characters. Shorten the post in WordPress, and"
    " export it again."
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><rss><channel><title>&i;</title></channel></rss>"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "file",
    [
        BOMB.encode(),
        b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>',
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/a.dtd"><rss></rss>',
    ],
    ids=["entity bomb", "external entity", "external document type"],
)
def test_document_types_and_entities_are_refused(file: bytes) -> None:
    assert refusal(file) == (
        "line 1: It declares a document type or entities, as no WordPress export does. So it is"
        " refused."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("<a>" * 200, "Its elements are nested more than 100 deep."),
        (
            "".join(f"<a{number}/>" for number in range(11_000)),
            "It has more than 10000 different names of elements.",
        ),
        (
            "".join(f'<a b{number}=""/>' for number in range(11_000)),
            "It has more than 10000 different names of elements.",
        ),
        (
            make_post(terms=[("post_tag", f"t{number}", "T") for number in range(1100)]),
            "An item has more than 1000 categories and tags.",
        ),
    ],
    ids=["deep", "names", "attributes", "terms"],
)
def test_what_no_export_has_is_refused(part: str, reason: str) -> None:
    told = refusal(make_export(part))

    assert told.startswith("line ")
    assert reason in told


@pytest.mark.django_db
def test_a_body_that_is_too_long_is_refused_alone() -> None:
    file = make_export(make_post(1, "<p>" + "a " * 2_500_000 + "</p>"), make_post(2))

    report = run_wordpress(file, skip_bad=True)

    assert report.found["posts"] == 2
    assert report.errors == [
        (
            12,
            TOO_LONG,
        )
    ]
    assert "wordpress:old.example.org:2" in str(everything()["articles_article"])


@pytest.mark.django_db
def test_galleries_that_stand_for_more_than_a_body_are_refused_alone() -> None:
    picture = make_attachment(7, "https://media.example.org/a.jpg", excerpt="a" * 10_000)
    file = make_export(picture, make_post(1, '[gallery ids="7,7"]' * 60))

    assert [reason for _, reason in run_wordpress(file).errors] == [TOO_LONG]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "part", "reason"),
    [
        ("MAX_KEPT", make_author("a") * 3, "line 14: It has more than 2 authors."),
        ("MAX_KEPT", "".join(map(make_post, "123")), "line 46: It has more than 2 posts."),
        (
            "MAX_KEPT",
            "".join(make_tag(each, each) for each in "abc"),
            "line 14: It has more than 2 categories and tags.",
        ),
        (
            "MAX_CHARACTERS",
            make_author("asel"),
            "line 12: It has names and texts of authors that are too long to be remembered.",
        ),
        (
            "MAX_CHARACTERS",
            make_attachment(7, "https://media.example.org/a.jpg"),
            "line 12: It has names and texts of attachments that are too long to be remembered.",
        ),
    ],
)
def test_more_than_can_be_remembered_is_refused(
    limit: str, part: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, limit, 2)

    assert refusal(make_export(part)) == f"{reason} Export the site in parts, by year."


@pytest.mark.django_db
def test_more_attachments_than_can_be_remembered_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(media, "MAX_ATTACHMENTS", 2)
    pictures = "".join(
        make_attachment(number, "https://media.example.org/a.jpg") for number in range(3)
    )

    assert "It has more than 2 attachments." in refusal(make_export(pictures))


@pytest.mark.django_db
def test_two_hundred_nested_divs_and_bad_addresses_do_no_harm() -> None:
    content = (
        "<div>" * 200 + "<p>A</p>" + "</div>" * 200
        + '<a href="javascript:alert(1)">B</a> <a href="data:text/html,c">C</a>'
    )  # fmt: skip

    run_wordpress(make_export(make_post(1, content)))

    assert "'<p>A</p><p>B C</p>'" in str(everything()["articles_article"])


def one_element(size: int) -> Iterator[bytes]:
    yield from _around(b"<item><content:encoded><![CDATA[", size)


def one_ignored_element(size: int) -> Iterator[bytes]:
    yield from _around(b"<item><wp:unknown>", size)


def one_tag(size: int) -> Iterator[bytes]:
    yield from _around(b'<item><category domain="', size)


def one_comment(size: int) -> Iterator[bytes]:
    yield from _around(b"<item><!-- ", size)


def no_end_of_elements(size: int) -> Iterator[bytes]:
    yield from _around(
        b"<item>", size, b"<wp:postmeta><wp:meta_key>a</wp:meta_key></wp:postmeta>\n"
    )


def _around(start: bytes, size: int, filling: bytes = b"some words\n") -> Iterator[bytes]:
    yield make_export().partition(b"</channel>")[0] + start
    piece = filling * (MEGABYTE // len(filling))
    for _ in range(size // len(piece)):
        yield piece


@pytest.mark.bulk
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        (
            one_element,
            f"An element has more than {reading.MAX_ELEMENT} characters. So it is refused.",
        ),
        (one_ignored_element, f"An element has more than {reading.MAX_ELEMENT} characters."),
        (one_tag, f"A tag or comment is longer than {reading.MAX_TAG} bytes. So it is refused."),
        (one_comment, f"A tag or comment is longer than {reading.MAX_TAG} bytes."),
        (no_end_of_elements, "It ends in the middle"),
    ],
)
def test_a_file_of_one_thing_is_refused_in_bounded_memory(
    pieces: object, reason: str, tmp_path: Path
) -> None:
    assert callable(pieces)
    size = (1024 if pieces is one_element else 60) * MEGABYTE
    path = tmp_path / "export.xml"
    with path.open("wb") as file:
        file.writelines(pieces(size))
    before = everything()

    process = start_python("-c", PROGRAM, str(path))
    out, err = (stream.decode() for stream in process.communicate())
    path.unlink()

    told, megabytes = out.rsplit("\n", 2)[0], int(out.split()[-1]) / 1024
    assert (process.returncode, err) == (0, "")
    assert reason in told
    assert "line " in told
    assert megabytes < 200
    assert everything() == before
