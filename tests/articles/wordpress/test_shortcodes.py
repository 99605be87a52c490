"""Shortcodes in posts: WordPress's own become HTML, others are left out and named."""

import time

import pytest

from tests.articles.wordpress.exports import cleaned, converted_body, make_attachment

IMAGE = '<img class="size-full wp-image-7" src="https://media.example.org/7.jpg" alt="A dam" />'
FIGURE = '<figure><img src="https://media.example.org/7.jpg" alt="A dam">{}</figure>'
DAM = make_attachment(
    7, "https://media.example.org/7.jpg", alt="A dam", post_parent="1", menu_order="2"
)
LAKE = make_attachment(
    8, "https://media.example.org/8.jpg", excerpt="The lake", post_parent="1", menu_order="1"
)
REPORT = make_attachment(9, "https://media.example.org/9.pdf", post_parent="1")
ELSEWHERE = make_attachment(10, "https://media.example.org/10.jpg", post_parent="2")
LIBRARY = (DAM, LAKE, REPORT, ELSEWHERE)
DAM_FIGURE = FIGURE.format("")
LAKE_FIGURE = (
    '<figure><img src="https://media.example.org/8.jpg" alt="">'
    "<figcaption>The lake</figcaption></figure>"
)

LEFT_OUT = "Shortcodes that are not known were left out (text within them stays)"


def link(address: str, text: str = "") -> str:
    return f'<p><a href="{address}">{text or address}</a></p>'


def test_it_works() -> None:
    attributes = 'id="attachment_7" align="alignleft" width="300"'
    content = f"A\n\n[caption {attributes}]{IMAGE} The dam[/caption]\n\nB"

    assert cleaned(content) == (
        "<p>A</p>" + FIGURE.format("<figcaption>The dam</figcaption>") + "<p>B</p>"
    )


@pytest.mark.parametrize(
    ("content", "caption"),
    [
        (f'[caption width="3" caption="The &quot;dam&quot;"]{IMAGE}[/caption]', 'The "dam"'),
        (f'[caption caption="The <em>dam</em>"]{IMAGE}[/caption]', "The <em>dam</em>"),
        (f"[caption]<a href='https://a.example/'>{IMAGE}</a> The dam[/caption]", "The dam"),
        (f"[wp_caption]{IMAGE}The dam[/wp_caption]", "The dam"),
        (
            f'[caption]{IMAGE} The <a href="https://a.example/">dam</a>[/caption]',
            'The <a href="https://a.example/">dam</a>',
        ),
        (f"<p>[caption]{IMAGE} The dam[/caption]</p>", "The dam"),
    ],
)
def test_captions_of_both_forms(content: str, caption: str) -> None:
    assert cleaned(content) == FIGURE.format(f"<figcaption>{caption}</figcaption>")


def test_a_caption_without_a_picture_or_an_end_is_text() -> None:
    assert cleaned('[caption width="3"]A[/caption]') == "<p>A</p>"
    assert cleaned(f"[caption]{IMAGE}") == DAM_FIGURE


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ('[gallery ids="8,7"]', f'<div class="gallery">{LAKE_FIGURE}{DAM_FIGURE}</div>'),
        ("[gallery ids='7']", DAM_FIGURE),
        ("[gallery columns=2 ids=7]", DAM_FIGURE),
        ("[gallery ids=”7″ link=”file”]", DAM_FIGURE),
        ("[gallery ids=&quot;7&quot;]", DAM_FIGURE),
        ('[gallery include="7"/]', DAM_FIGURE),
        ("[gallery]", f'<div class="gallery">{LAKE_FIGURE}{DAM_FIGURE}</div>'),
        ('[gallery exclude="8"]', DAM_FIGURE),
        ("[GALLERY IDS='7']", DAM_FIGURE),
        ("A [gallery ids='7'] B", f"<p>A</p>{DAM_FIGURE}<p>B</p>"),
        (
            '[playlist ids="9"]',
            '<p><a href="https://media.example.org/9.pdf">Title 9</a></p>',
        ),
    ],
)
def test_galleries_find_their_pictures(content: str, html: str) -> None:
    assert cleaned(content, *LIBRARY) == html


def test_pictures_that_are_not_in_the_file_are_named() -> None:
    assert converted_body('[gallery ids="7,98,99"]', *LIBRARY) == (
        DAM_FIGURE,
        ["Pictures that are not in the file were left out; their ids: 98, 99."],
    )
    _, told = converted_body("A [gallery]")
    assert told == [
        "A gallery was left out, as the file has no picture that was uploaded to this post."
    ]


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("[embed]https://t.me/newsroom/5[/embed]", link("https://t.me/newsroom/5")),
        ('[embed width="3"]https://example.org/a[/embed]', link("https://example.org/a")),
        ("[embed]<a href='https://t.me/newsroom/5'>https://t.me/newsroom/5</a>[/embed]",
         link("https://t.me/newsroom/5")),
        ("[youtube https://youtu.be/dQw4w9WgXcQ]",
         link("https://www.youtube.com/watch?v=dQw4w9WgXcQ")),
        ("[youtube=https://youtu.be/dQw4w9WgXcQ]",
         link("https://www.youtube.com/watch?v=dQw4w9WgXcQ")),
        ('[youtube id="dQw4w9WgXcQ"]', link("https://www.youtube.com/watch?v=dQw4w9WgXcQ")),
        ("[vimeo 12345]", link("https://vimeo.com/12345")),
        ('[soundcloud url="https://soundcloud.com/a/b" params="x=1"]',
         link("https://soundcloud.com/a/b")),
        ("[audio https://example.org/a.mp3]", link("https://example.org/a.mp3")),
        ('[audio mp3="https://example.org/a.mp3" ogg="https://example.org/a.ogg"][/audio]',
         link("https://example.org/a.mp3")),
        ('[video width="6" src="https://example.org/a.mp4"]<a href="#">A</a>[/video]',
         link("https://example.org/a.mp4")),
        ('[video src="https://youtu.be/dQw4w9WgXcQ"]',
         link("https://www.youtube.com/watch?v=dQw4w9WgXcQ")),
    ],
)  # fmt: skip
def test_embeds_and_players_are_links(content: str, html: str) -> None:
    assert cleaned(content) == html


def test_a_player_of_nothing_is_named() -> None:
    assert converted_body("A [audio] B") == (
        "<p>A B</p>",
        [f"{LEFT_OUT}: audio."],
    )


def test_unknown_ones_are_left_out_and_named_and_their_text_stays() -> None:
    content = (
        '[vc_row][vc_column width="1/2"]<p>A</p>[/vc_column][/vc_row] [contact-form-7 id="5"]'
        ' [contact-form-7 id="6"] [box color="red"]B[/box] [quote]C[/quote] [tie_end]'
    )

    html, told = converted_body(content)

    assert html == "<p>A</p><p>B C</p>"
    assert told == [f"{LEFT_OUT}: vc_row, vc_column, contact-form-7 (2), box, quote, tie_end."]


@pytest.mark.parametrize(
    "text",
    [
        "He said it [sic] twice.",
        "See note [1] and [simple boat].",
        "[it's a long remark, isn't it]",
        "[Laughter] [sic]",
        "[в скобках]",
        "a[i] = b[j]",
        "[/b] [",
        "[E = mc2]",
        "[[1]] [[Link]]",
        "[]",
    ],
)
def test_words_in_brackets_stay(text: str) -> None:
    assert cleaned(text) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("[[gallery]]", "<p>[gallery]</p>"),
        ('[[gallery ids="1"]]', '<p>[gallery ids="1"]</p>'),
        ("[[caption]A[/caption]]", "<p>[caption]A[/caption]</p>"),
        ("<code>[gallery]</code>", "<p><code>[gallery]</code></p>"),
        ("<pre>[gallery]</pre>", "<pre><code>[gallery]</code></pre>"),
        ('<a href="https://a.example/?b=[gallery]">A</a>',
         '<p><a href="https://a.example/?b=[gallery]">A</a></p>'),
    ],
)  # fmt: skip
def test_escaped_ones_and_those_in_code_are_text(content: str, html: str) -> None:
    assert cleaned(content) == html


@pytest.mark.parametrize(
    "content",
    [
        "[a " * 100_000,
        "[gallery " * 100_000,
        '[a "' * 100_000,
        "[a '\"" * 100_000,
        '[a "" "" "" ' * 50_000,
        "[a ' ' " * 50_000,
        "[caption]" * 50_000 + "[/caption]" * 50_000,
        "[[" * 200_000,
        "[embed]" + "<" * 900_000 + "[/embed]",
        "<!-- wp:embed -->" + "<figcaption>" * 70_000 + "<!-- /wp:embed -->",
        "A" + " " * 900_000 + "B",
        "<iframe " + "a" * 900_000 + "></iframe>",
        "<blockquote " + "a-" * 400_000 + ">",
        "<div class='" + "wp " * 300_000 + "'>",
        "<!--" * 100_000,
        "<code>" * 100_000,
        "<a '" * 100_000,
        "<div class='wp-caption'>" * 20_000,
        "<blockquote class='twitter-tweet'>" * 20_000,
        "<!-- wp:group -->" * 50_000,
        "<!-- wp:a " * 50_000,
        "\n" * 900_000,
        "https://youtu.be/dQw4w9WgXcQ\n" * 20_000,
    ],
    ids=lambda content: content[:12],
)
def test_hostile_content_takes_no_longer(content: str) -> None:
    """Nothing is looked through again and again: that would take minutes."""
    started = time.process_time()

    converted_body(content + "A")

    assert time.process_time() - started < 15
