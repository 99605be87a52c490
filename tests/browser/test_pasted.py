"""What is pasted at the desk becomes clean text, whatever program it comes from."""

import pytest
from playwright.sync_api import expect

from tests.browser import clipboards
from tests.browser.bodies import EVERY_BLOCK
from tests.browser.pages import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
EMBED = f'<p><a href="{VIDEO}">{VIDEO}</a></p>'


@pytest.mark.parametrize(
    ("html", "stored"),
    [
        (clipboards.WORD, clipboards.FROM_WORD),
        (clipboards.GOOGLE_DOCS, clipboards.FROM_GOOGLE_DOCS),
        (clipboards.PAGE, clipboards.FROM_PAGE),
    ],
    ids=["Word", "Google Docs", "a page"],
)
def test_it_works(desk: Desk, html: str, stored: str) -> None:
    desk.open_new()

    desk.paste(html)

    assert desk.save().body_html == stored
    assert desk.written() == stored


def test_plain_text_becomes_paragraphs(desk: Desk) -> None:
    desk.open_new()

    desk.paste(text="First <b>line</b>\n\nSecond  line\r\n")

    assert desk.save().body_html == "<p>First &lt;b&gt;line&lt;/b&gt;</p><p>Second line</p>"


@pytest.mark.parametrize("block", EVERY_BLOCK)
def test_what_is_copied_in_the_editor_stays_as_it_is(desk: Desk, block: str) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.open_new()
    desk.button("HTML").click()
    desk.source.fill(f"<p>Before</p>{EVERY_BLOCK[block]}<p>After</p>")
    desk.button("HTML").click()

    desk.press("Control+a", "Control+x")
    expect(desk.text).not_to_contain_text("Before")
    desk.press("Control+v")
    expect(desk.text).to_contain_text("Before")

    assert desk.save().body_html == f"<p>Before</p>{EVERY_BLOCK[block]}<p>After</p>"


@pytest.mark.parametrize(
    "pasted",
    [
        VIDEO,
        " https://youtu.be/dQw4w9WgXcQ?t=10 \n",
        '<iframe width="560" src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="x"></iframe>',
        '<iframe src="//www.youtube-nocookie.com/embed/dQw4w9WgXcQ"></iframe>',
    ],
)
def test_an_address_of_a_video_on_a_line_of_its_own_is_an_embed(desk: Desk, pasted: str) -> None:
    desk.open_new()

    desk.paste(text=pasted)
    expect(desk.text.locator("[data-embed='YouTube video']")).to_be_visible()
    desk.type("After")
    article = desk.save()

    assert article.body_html == f"{EMBED}<p>After</p>"
    expect(desk.text.locator("[data-embed='YouTube video']")).to_be_visible()


def test_an_address_in_a_sentence_is_a_link(desk: Desk) -> None:
    desk.open_new()

    desk.type("See ")
    desk.paste(text=VIDEO)
    desk.type(" today")

    expect(desk.text.locator("[data-embed]")).to_have_count(0)
    assert desk.save().body_html == f'<p>See <a href="{VIDEO}">{VIDEO}</a> today</p>'


def test_an_address_pasted_over_words_links_them(desk: Desk) -> None:
    desk.open_new()

    desk.type("the page")
    desk.press("Control+Shift+ArrowLeft")
    desk.page.wait_for_function("getSelection().toString() === 'page'")
    desk.paste(text="https://example.org/a?b=1&c=2")

    assert desk.save().body_html == (
        '<p>the <a href="https://example.org/a?b=1&amp;c=2">page</a></p>'
    )


def test_paragraphs_pasted_into_a_caption_stay_in_it(desk: Desk) -> None:
    desk.open_new()
    desk.button("Picture").click()
    desk.answer("Insert picture", src="/a.jpg", alt="")

    desk.paste("<p>One <b>two</b></p>", "One two")

    assert desk.save().body_html == (
        '<figure><img src="/a.jpg" alt=""><figcaption>One <strong>two</strong></figcaption>'
        "</figure>"
    )
