"""Posts of the block editor, to the body's normal form."""

import pytest

from tests.articles.wordpress.exports import cleaned, converted_body, make_attachment

URL = "https://media.example.org/dam.jpg"


def block(name: str, content: str, attributes: str = "") -> str:
    return (
        f"<!-- wp:{name} {attributes}{' ' if attributes else ''}-->\n{content}\n<!-- /wp:{name} -->"
    )


PARAGRAPH = block("paragraph", "<p>A</p>")
TEMPLATE = block("post-template", "<!-- wp:post-title /-->")
CAPTION = "<figcaption>The <em>dam</em></figcaption></figure>"
LEFT_OUT = "Blocks that WordPress fills by itself were left out"


def test_it_works() -> None:
    content = "\n\n".join(
        (
            block("paragraph", "<p>First <strong>words</strong>.</p>"),
            block("heading", "<h2 class='wp-block-heading'>A heading</h2>", '{"level":2}'),
            block("list", f"<ul>{block('list-item', '<li>one</li>')}</ul>"),
        )
    )

    assert cleaned(content) == (
        "<p>First <strong>words</strong>.</p><h2>A heading</h2><ul><li><p>one</p></li></ul>"
    )


@pytest.mark.parametrize(
    ("content", "html"),
    [
        (block("heading", "<h1>A</h1>", '{"level":1}'), "<h2>A</h2>"),
        (block("core/paragraph", "<p>A</p>"), "<p>A</p>"),
        (
            block("list", "<ol start='3'><li>A<ol><li>B</li></ol></li></ol>", '{"ordered":true}'),
            '<ol start="3"><li><p>A</p><ol><li><p>B</p></li></ol></li></ol>',
        ),
        (
            block("quote", f"<blockquote>{PARAGRAPH}<cite>B</cite></blockquote>"),
            "<blockquote><p>A</p><p>B</p></blockquote>",
        ),
        (
            block("pullquote", "<figure><blockquote><p>A</p><cite>B</cite></blockquote></figure>"),
            "<blockquote><p>A</p><p>B</p></blockquote>",
        ),
        (
            block("image", f'<figure class="wp-block-image"><img src="{URL}" alt="A dam"/>'
                           + CAPTION, '{"id":7}'),
            f'<figure><img src="{URL}" alt="A dam">{CAPTION}',
        ),
        (
            block("table", "<figure><table><thead><tr><th>A</th></tr></thead>"
                           "<tbody><tr><td>1</td></tr></tbody></table>"
                           "<figcaption>B</figcaption></figure>"),
            "<table><tbody><tr><th><p>A</p></th></tr><tr><td><p>1</p></td></tr></tbody></table><p>B</p>",
        ),
        (
            block("code", "<pre class='a'><code>if a &lt; b:\n\n    c [gallery]</code></pre>"),
            "<pre><code>if a &lt; b:\n\n    c [gallery]</code></pre>",
        ),
        (
            block("preformatted", "<pre class='wp-block-preformatted'>A<br>  B\n\n  C</pre>"),
            "<pre><code>A\n  B\n\n  C</code></pre>",
        ),
        (block("verse", "<pre class='wp-block-verse'>A<br>B\nC</pre>"), "<p>A<br>B<br>C</p>"),
        (block("separator", "<hr class='wp-block-separator'/>"), "<hr>"),
        (
            block("columns", "<div>" + block("column", f"<div>{PARAGRAPH}</div>")
                  + block("column", f"<div>{block('paragraph', '<p>B</p>')}</div>") + "</div>"),
            "<p>A</p><p>B</p>",
        ),
        (block("group", f"<div>{PARAGRAPH}</div>"), "<p>A</p>"),
        (
            block("media-text", f'<div><figure><img src="{URL}" alt="A dam"/></figure>'
                                f"<div>{PARAGRAPH}</div></div>"),
            f'<figure><img src="{URL}" alt="A dam"></figure><p>A</p>',
        ),
        (
            block("cover", f'<div><img class="background" src="{URL}" alt=""/>'
                           f"<div>{PARAGRAPH}</div></div>", f'{{"url":"{URL}"}}'),
            f'<figure><img src="{URL}" alt=""></figure><p>A</p>',
        ),
        (
            block("cover", f'<div style="background-image:url({URL})"><p>A</p></div>',
                  f'{{"url":"{URL}","alt":"A dam"}}'),
            f'<figure><img src="{URL}" alt="A dam"></figure><p>A</p>',
        ),
        (
            block("cover", f'<div style="background-image:url({URL})"><p>A</p></div>'),
            f'<figure><img src="{URL}" alt=""></figure><p>A</p>',
        ),
        (
            block("file", '<div class="wp-block-file"><a href="https://example.org/a.pdf">Report</a>'
                          '<a href="https://example.org/a.pdf" class="wp-block-file__button"'
                          " download>Download</a></div>"),
            '<p><a href="https://example.org/a.pdf">Report</a></p>',
        ),
        (
            block("audio", '<figure><audio controls src="https://example.org/a.mp3"></audio>'
                           "<figcaption>A song</figcaption></figure>"),
            '<p><a href="https://example.org/a.mp3">https://example.org/a.mp3</a></p><p>A song</p>',
        ),
        (
            block("video", '<figure><video controls src="https://example.org/a.mp4"></video></figure>'),
            '<p><a href="https://example.org/a.mp4">https://example.org/a.mp4</a></p>',
        ),
        (
            block("buttons", "<div>" + block("button", '<div><a class="wp-block-button__link"'
                  ' href="https://example.org/">Subscribe</a></div>') + "</div>"),
            '<p><a href="https://example.org/">Subscribe</a></p>',
        ),
        (block("html", "<div><b>A</b></div>"), "<p><strong>A</strong></p>"),
        (block("freeform", "A\n\nB"), "<p>A</p><p>B</p>"),
        (block("more", "<!--more-->") + PARAGRAPH, "<p>A</p>"),
        (block("nextpage", "<!--nextpage-->") + PARAGRAPH, "<p>A</p>"),
        (block("spacer", '<div style="height:9px" aria-hidden="true"></div>'), ""),
        ("<!-- wp:separator /-->", "<hr>"),
        ("<!-- wp:spacer /--><!-- wp:shortcode /--><!-- wp:more /-->", ""),
        (block("acme/box", "<div><p>A</p></div>"), "<p>A</p>"),
    ],
)  # fmt: skip
def test_it_takes_each_block(content: str, html: str) -> None:
    assert cleaned(content) == html


def test_a_gallery_keeps_its_pictures_with_their_captions() -> None:
    figures = "".join(
        f'<li class="blocks-gallery-item"><figure><img src="https://media.example.org/{each}.jpg"'
        f' alt="{each}"/><figcaption>Number {each}</figcaption></figure></li>'
        for each in "ab"
    )
    old = block("gallery", f"<figure class='wp-block-gallery'><ul>{figures}</ul></figure>")
    images = "".join(
        block("image", f'<figure><img src="https://media.example.org/{each}.jpg" alt="{each}"/>'
                       f"<figcaption>Number {each}</figcaption></figure>") for each in "ab"
    )  # fmt: skip
    new = block("gallery", f"<figure class='wp-block-gallery'>{images}</figure>")

    pictures = "".join(
        f'<figure><img src="https://media.example.org/{each}.jpg" alt="{each}">'
        f"<figcaption>Number {each}</figcaption></figure>"
        for each in "ab"
    )
    assert cleaned(old) == cleaned(new) == f'<div class="gallery">{pictures}</div>'


@pytest.mark.parametrize("name", ["embed", "core-embed/youtube"])
def test_an_embed_stands_by_its_address(name: str) -> None:
    content = block(
        name,
        '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
        "https://youtu.be/dQw4w9WgXcQ\n</div><figcaption>A song</figcaption></figure>",
        '{"url":"https://youtu.be/dQw4w9WgXcQ","type":"video"}',
    )
    address = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"

    assert cleaned(content) == f'<p><a href="{address}">{address}</a></p><p>A song</p>'
    assert cleaned(content.replace('"url"', '"link"')) == cleaned(content)


def test_an_embed_of_somebody_unknown_is_a_link() -> None:
    address = "https://video.example.org/watch?v=1&t=2"
    content = block("embed", f"<figure>{address.replace('&', '&amp;')}</figure>")
    shown = address.replace("&", "&amp;")

    assert cleaned(content) == f'<p><a href="{shown}">{shown}</a></p>'


def test_what_stands_between_blocks_is_classic() -> None:
    content = "Line 1\nLine 2\n\n" + block("paragraph", "<p>A\nB</p>") + "\n\nC\n\nD"

    assert cleaned(content) == "<p>Line 1<br>Line 2</p><p>A B</p><p>C</p><p>D</p>"


def test_blocks_that_wordpress_fills_are_named() -> None:
    content = (
        PARAGRAPH
        + "<!-- wp:latest-posts /--><!-- wp:latest-posts {\"postsToShow\":3} /-->"
        + "<!-- wp:acme/hero {\"data\":1} /-->"
        + block("query", f"<div>{TEMPLATE}</div>", '{"a":1}')
        + '<!-- wp:block {"ref":123} /-->'
    )  # fmt: skip

    html, told = converted_body(content)

    assert html == "<p>A</p>"
    assert told == [f"{LEFT_OUT}: latest-posts (2), acme/hero, query, block (reusable, 123)."]


@pytest.mark.parametrize(
    "content",
    [
        "<!-- wp:group --><div><!-- wp:paragraph --><p>A</p></div>",
        "<!-- wp:paragraph --><p>A</p><!-- /wp:group --><!-- /wp:paragraph -->",
        "<!-- wp:paragraph {not json} --><p>A</p><!-- /wp:paragraph -->",
        '<!-- wp:paragraph ["a list"] --><p>A</p><!-- /wp:paragraph -->',
        "<!-- wp:group -->" * 500 + "<p>A</p>" + "<!-- /wp:group -->" * 500,
        '<!-- wp:cover {"url":{"a":1},"alt":[2]} --><p>A</p><!-- /wp:cover -->',
        '<!-- wp:embed {"url":"javascript:alert(1)"} --><p>A</p><!-- /wp:embed -->',
    ],
    ids=["never ended", "ended twice", "no JSON", "a list", "deep", "types", "address"],
)
def test_broken_blocks_keep_their_text(content: str) -> None:
    assert cleaned(content) == "<p>A</p>"


def test_a_shortcode_in_a_block_is_one() -> None:
    picture = make_attachment(7, URL, alt="A dam")
    content = block("shortcode", '[gallery ids="7"]') + block("paragraph", "<p>[[gallery]]</p>")

    assert cleaned(content, picture) == (
        f'<figure><img src="{URL}" alt="A dam"></figure><p>[gallery]</p>'
    )
