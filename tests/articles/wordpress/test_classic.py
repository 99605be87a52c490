"""Posts of the classic editor: line breaks make paragraphs, as WordPress shows them."""

import pytest

from tests.articles.wordpress.exports import cleaned, converted_body

TWEET = "https://x.com/newsroom/status/1234567890"
CODE = (
    '<blockquote class="twitter-tweet" data-width="550"><p lang="en">Words by'
    ' <a href="https://x.com/somebody/status/9">somebody</a></p>&mdash; Newsroom'
    f' <a href="{TWEET}">Monday</a></blockquote>\n<script async src="https://x.com/w.js"></script>'
)
LINK = f'<p><a href="{TWEET}">{TWEET}</a></p>'


def test_it_works() -> None:
    content = (
        "First <b>line</b>\nsecond line\r\n\r\nNext\n \n\nparagraph\n<h3>Heading</h3>\n"
        "After it.\n<ul>\n\t<li>one</li>\n\t<li>two</li>\n</ul>\n<!--more-->\nThe end."
    )

    assert cleaned(content) == (
        "<p>First <strong>line</strong><br>second line</p><p>Next</p><p>paragraph</p>"
        "<h3>Heading</h3><p>After it.</p><ul><li><p>one</p></li><li><p>two</p></li></ul>"
        "<p>The end.</p>"
    )


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("A", "<p>A</p>"),
        ("\n\n A \n\n", "<p>A</p>"),
        ("A\rB\r\rC", "<p>A<br>B</p><p>C</p>"),
        ("<p>A\nB</p>\n\n<p>C</p>", "<p>A<br>B</p><p>C</p>"),
        ("A<br />\nB", "<p>A<br>B</p>"),
        ("A<br /><br />B", "<p>A</p><p>B</p>"),
        ("A\n&nbsp;\nB", "<p>A</p><p>B</p>"),
        ("<em>A\n\nB</em>", "<p><em>A</em></p><p><em>B</em></p>"),
        ("<div>A\n\nB</div>C", "<p>A</p><p>B</p><p>C</p>"),
        (
            "<blockquote>A\n\nB\n<cite>C</cite></blockquote>",
            "<blockquote><p>A</p><p>B<br>C</p></blockquote>",
        ),
        ("<address>A\nB</address>", "<p>A<br>B</p>"),
        ("A<!--more-->B<!--nextpage-->C", "<p>A</p><p>B</p><p>C</p>"),
        ("A <!-- a remark\n\nof ours -->B", "<p>A B</p>"),
        ("<pre>A\n\n  B</pre>\nC", "<pre><code>A\n\n  B</code></pre><p>C</p>"),
        (
            "A <code>b = 1</code> C\n<code>d {\n  e\n}</code>",
            "<p>A <code>b = 1</code> C</p><pre><code>d {\n  e\n}</code></pre>",
        ),
        (
            "<table>\n<tbody>\n<tr>\n<td>A\nB</td>\n</tr>\n</tbody>\n</table>",
            "<table><tbody><tr><td><p>A<br>B</p></td></tr></tbody></table>",
        ),
        (
            '<a\nhref="https://example.org/"\n>A</a>\nB',
            '<p><a href="https://example.org/">A</a><br>B</p>',
        ),
        ("A <script>\nalert(1)\n\n</script>B", "<p>A B</p>"),
        ("<q>A</q> B", "<p>“A” B</p>"),
        ("5 < 6\nand 7 > 6", "<p>5 &lt; 6<br>and 7 &gt; 6</p>"),
        ("A <code>unclosed\nB", "<p>A <code>unclosed<br>B</code></p>"),
    ],
)
def test_it_takes_classic_html(content: str, html: str) -> None:
    assert cleaned(content) == html


@pytest.mark.parametrize(
    "content",
    [
        TWEET,
        f"A\n{TWEET}\nB",
        f"A\n\n{TWEET}\n\nB",
        f"<p>A</p>{TWEET}<p>B</p>",
        f"A\n<p>{TWEET}</p>\nB",
        f"A<br />\n{TWEET}<br />\nB",
    ],
)
def test_an_address_alone_on_its_line_is_an_embed(content: str) -> None:
    assert cleaned(content) in (LINK, f"<p>A</p>{LINK}<p>B</p>")


def test_an_address_that_cannot_be_embedded_is_a_link() -> None:
    page = "https://example.org/a?b=1&amp;c=2"
    link = f'<a href="{page}">{page}</a>'

    assert cleaned(f"Source:\n{page}") == f"<p>Source:<br>{link}</p>"
    assert cleaned(f"<p>{page}</p>") == f"<p>{link}</p>"


def test_an_address_in_a_sentence_is_text() -> None:
    assert cleaned(f"See {TWEET} for it.") == f"<p>See {TWEET} for it.</p>"
    assert cleaned(f"<em>See</em>\n{TWEET} <b>it</b>").count("<a ") == 0


@pytest.mark.parametrize(
    "content",
    [
        CODE,
        f'<object><param name="movie" value="{TWEET}"></object>',
        f'<iframe src="{TWEET}"></iframe>',
        f'<embed src="{TWEET}">',
    ],
)
def test_embed_codes_are_embeds(content: str) -> None:
    assert cleaned(content) == LINK


def test_instagrams_and_tiktoks_codes_are_embeds() -> None:
    post = "https://www.instagram.com/p/BpmueLLgEn_/"
    video = "https://www.tiktok.com/@newsroom/video/7000000000000000000"

    assert cleaned(
        f'<blockquote class="instagram-media" data-instgrm-permalink="{post}?utm=1"><div>'
        "<a>View</a></div></blockquote>"
        f'<blockquote class="tiktok-embed" cite="{video}"><section>A</section></blockquote>'
    ) == "".join(f'<p><a href="{each}">{each}</a></p>' for each in (post, video))


def test_a_quotation_that_no_embed_can_be_made_of_stays() -> None:
    content = '<blockquote class="twitter-tweet"><p>A</p></blockquote>'

    assert cleaned(content) == "<blockquote><p>A</p></blockquote>"
    assert cleaned(content.removesuffix("</blockquote>")) == "<blockquote><p>A</p></blockquote>"


def test_frames_of_other_sites_are_links_and_the_rest_is_named() -> None:
    page = "http://maps.example.org/embed?a=1"

    assert cleaned(f'<iframe src="{page}"></iframe>') == f'<p><a href="{page}">{page}</a></p>'
    assert converted_body(
        'A<iframe src="about:blank"></iframe><object></object><video></video>'
    ) == (
        "<p>A</p>",
        ["Elements that no article can have were left out: iframe, object, video."],
    )


def test_players_are_links_to_their_files() -> None:
    content = (
        '<video width="3" poster="https://example.org/p.jpg">\n'
        '<source src="//example.org/a.mp4" type="video/mp4">\n</video>'
    )

    assert cleaned(content) == (
        '<p><a href="https://example.org/a.mp4">https://example.org/a.mp4</a></p>'
    )


def test_captions_saved_as_html_are_captions() -> None:
    content = (
        '<div id="attachment_7" class="wp-caption alignnone" style="width: 310px">'
        '<img src="https://media.example.org/a.jpg" alt="A dam"/>'
        '<p class="wp-caption-text">The <em>dam</em></p></div>A'
    )

    assert cleaned(content) == (
        '<figure><img src="https://media.example.org/a.jpg" alt="A dam">'
        "<figcaption>The <em>dam</em></figcaption></figure><p>A</p>"
    )
    assert cleaned('<div class="wp-caption">A<div>B</div></div>') == "<p>A</p><p>B</p>"
