"""WordPress exports for the tests, small and written by hand, and running the import on them."""

import io
from typing import Any
from xml.sax.saxutils import escape

from django.core.management import CommandError, call_command

from articles import body
from articles.importers.items import Report
from articles.importers.wordpress.content import converted
from articles.importers.wordpress.export import ExportError, Post
from articles.importers.wordpress.importing import import_wordpress
from articles.importers.wordpress.media import Library
from articles.importers.wordpress.notes import Notes
from articles.importers.wordpress.reading import read_export
from tests.articles.importing import NOW, everything

SITE = "https://old.example.org"

_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
  xmlns:excerpt="{scheme}://wordpress.org/export/{version}/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="{scheme}://wordpress.org/export/{version}/">
<channel>
<title>The old newsroom</title><link>{site}</link><language>{language}</language>
<wp:wxr_version>{version}</wp:wxr_version>
<wp:base_site_url>{site}</wp:base_site_url>
<wp:base_blog_url>{site}</wp:base_blog_url>
"""


def make_export(
    *parts: str,
    site: str = SITE,
    version: str = "1.2",
    scheme: str = "http",
    language: str = "en-US",
) -> bytes:
    """A whole file of these parts."""
    head = _HEAD.format(site=site, version=version, scheme=scheme, language=language)
    return f"{head}{''.join(parts)}</channel>\n</rss>\n".encode()


def make_author(login: str, name: str = "", **names: str) -> str:
    first, last = names.get("first", ""), names.get("last", "")
    return (
        f"<wp:author><wp:author_login>{_text(login)}</wp:author_login>"
        f"<wp:author_email>{_text('secret@example.org')}</wp:author_email>"
        f"<wp:author_display_name>{_text(name)}</wp:author_display_name>"
        f"<wp:author_first_name>{_text(first)}</wp:author_first_name>"
        f"<wp:author_last_name>{_text(last)}</wp:author_last_name></wp:author>\n"
    )


def make_category(slug: str, name: str, parent: str = "", description: str = "") -> str:
    return (
        f"<wp:category><wp:category_nicename>{_text(slug)}</wp:category_nicename>"
        f"<wp:category_parent>{_text(parent)}</wp:category_parent>"
        f"<wp:cat_name>{_text(name)}</wp:cat_name>"
        f"<wp:category_description>{_text(description)}</wp:category_description></wp:category>\n"
    )


def make_tag(slug: str, name: str) -> str:
    return (
        f"<wp:tag><wp:tag_slug>{_text(slug)}</wp:tag_slug>"
        f"<wp:tag_name>{_text(name)}</wp:tag_name></wp:tag>\n"
    )


def make_post(number: int | str = 1, /, content: str = "<p>Body.</p>", **values: Any) -> str:
    """A published post. ``terms`` are (domain, slug, name), ``meta`` is a dictionary; what is None
    is left out; ``more`` is XML of its own."""
    elements = {
        "title": f"Title {number}",
        "link": f"{SITE}/2026/02/title-{number}/",
        "dc:creator": "asel",
        "guid": f"{SITE}/?p={number}",
        "content:encoded": content,
        "excerpt:encoded": values.pop("excerpt", ""),
        "wp:post_id": str(number),
        "wp:post_date": "2026-02-20 11:15:00",
        "wp:post_date_gmt": "2026-02-20 06:15:00",
        "wp:post_name": f"title-{number}",
        "wp:status": "publish",
        "wp:post_parent": "0",
        "wp:menu_order": "0",
        "wp:post_type": "post",
        "wp:post_password": "",
    }
    terms, meta = values.pop("terms", ()), values.pop("meta", {})
    more = values.pop("more", "")
    for name, value in values.items():
        known = {"title", "link", "guid", "pubDate"}
        key = {"creator": "dc:creator"}.get(name, name if name in known else f"wp:{name}")
        elements[key] = value
    written = "".join(
        f"<{name}>{_text(value)}</{name}>\n"
        for name, value in elements.items()
        if value is not None
    )
    categories = "".join(
        f'<category domain="{domain}" nicename="{escape(slug)}">{_text(name)}</category>\n'
        for domain, slug, name in terms
    )
    fields = "".join(
        f"<wp:postmeta><wp:meta_key>{_text(key)}</wp:meta_key>"
        f"<wp:meta_value>{_text(value)}</wp:meta_value></wp:postmeta>\n"
        for key, value in meta.items()
    )
    return f"<item>\n{written}{categories}{fields}{more}</item>\n"


def make_attachment(number: int, url: str, **values: Any) -> str:
    """A file of the media library; ``alt`` and ``metadata`` besides what a post takes."""
    meta = {
        "_wp_attachment_image_alt": values.pop("alt", ""),
        "_wp_attachment_metadata": values.pop("metadata", ""),
    }
    given = {"post_type": "attachment", "status": "inherit", "attachment_url": url, "meta": meta}
    return make_post(number, "", **{**given, **values})


def run_wordpress(file: bytes, **options: Any) -> Report:
    return import_wordpress(io.BytesIO(file), **{"now": NOW, **options}).report


def converted_body(content: str, *attachments: str, post_id: str = "1") -> tuple[str, list[str]]:
    """A post's content in the body's normal form, and what is told of it. Beside the post, the
    file has these attachments."""
    library = Library()
    for record in read_export(io.BytesIO(make_export(*attachments))):
        if isinstance(record, Post):
            library.add(record)
    notes = Notes()
    html = converted(content, library=library, post_id=post_id, notes=notes)
    return body.clean(html), notes.sentences()


def cleaned(content: str, *attachments: str) -> str:
    """A post's content in the body's normal form; asserts that nothing is told of it."""
    html, told = converted_body(content, *attachments)
    assert told == []
    return html


def refusal(file: bytes, **options: Any) -> str:
    """Why a file is refused; asserts that it left everything as it was."""
    before = everything()
    try:
        run_wordpress(file, **options)
    except ExportError as error:
        assert everything() == before
        return str(error)
    raise AssertionError("It was not refused.")


def run_command(*arguments: str) -> tuple[int, str, str]:
    """``manage.py import_wordpress …``: exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_wordpress", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def _text(value: str) -> str:
    return f"<![CDATA[{value}]]>"
