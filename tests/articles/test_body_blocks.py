# ruff: noqa: E501  (a case of HTML is read more easily on one line)
"""`articles.body`: the blocks that native apps draw, by example."""

import pytest

from articles.body import parse

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
EMBED = f'<p><a href="{YOUTUBE}">{YOUTUBE}</a></p>'


@pytest.mark.parametrize(
    ("html", "block"),
    [
        ("<p>a <b>&lt;</b></p>", {"type": "paragraph", "html": "a <strong>&lt;</strong>", "text": "a <"}),
        ("<h3>a</h3>", {"type": "heading", "level": 3, "html": "a", "text": "a"}),
        (
            "<ol start=2><li>a<ul><li>b</ul></ol>",
            {
                "type": "list",
                "ordered": True,
                "start": 2,
                "items": [
                    {
                        "html": "<p>a</p>",
                        "text": "a",
                        "lists": [
                            {
                                "type": "list",
                                "ordered": False,
                                "start": None,
                                "items": [{"html": "<p>b</p>", "text": "b", "lists": []}],
                            }
                        ],
                    }
                ],
            },
        ),
        ("<blockquote>a<p>b</blockquote>", {"type": "quote", "html": "<p>a</p><p>b</p>", "text": "a\n\nb"}),
        (
            "<figure><img src='/a?b&amp;c' alt='&quot;' width=2><figcaption>c <b>d</b><cite>AP &amp; B</cite></figcaption></figure>",
            {
                "type": "image",
                "image": {"url": "/a?b&c", "alt": '"', "width": 2, "height": None},
                "caption": {"html": "c <strong>d</strong>", "text": "c d"},
                "credit": "AP & B",
            },
        ),
        (
            "<div class=gallery><img src=/1><img src=/2></div>",
            {
                "type": "gallery",
                "images": [
                    {
                        "image": {"url": url, "alt": "", "width": None, "height": None},
                        "caption": None,
                        "credit": None,
                    }
                    for url in ("/1", "/2")
                ],
            },
        ),
        (
            "<table><tr><th colspan=2>a<tr><td>b<td>c</table>",
            {
                "type": "table",
                "rows": [
                    [{"html": "<p>a</p>", "text": "a", "header": True, "colspan": 2, "rowspan": 1}],
                    [
                        {"html": f"<p>{x}</p>", "text": x, "header": False, "colspan": 1, "rowspan": 1}
                        for x in "bc"
                    ],
                ],
            },
        ),
        ("<pre class=language-sql>a\n&lt;</pre>", {"type": "code", "text": "a\n<", "language": "sql"}),
        ("<pre>a</pre>", {"type": "code", "text": "a", "language": None}),
        ("<hr>", {"type": "divider"}),
    ],
)  # fmt: skip
def test_blocks_say_in_json_what_the_html_says(html: str, block: dict[str, object]) -> None:
    assert parse(html).blocks == [block]


def test_pictures_are_found_in_order_at_any_depth() -> None:
    body = parse(
        "<img src=/1><ul><li>a<img src=/2></ul><div class=gallery><img src=/3><img src=/4></div>"
        "<blockquote><img src=/5></blockquote><table><tr><td><img src=/6></table><img src=/1>"
    )
    assert body.image_urls == ["/1", "/2", "/3", "/4", "/5", "/6", "/1"]
