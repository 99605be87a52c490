"""Each block and mark made by hand at the desk is stored in its normal form."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_it_works(desk: Desk) -> None:
    desk.open_new()

    desk.type("First paragraph.")
    desk.press("Enter")
    desk.type("Second.")
    article = desk.save()

    assert article.body_html == "<p>First paragraph.</p><p>Second.</p>"
    assert desk.text.inner_text().split() == ["First", "paragraph.", "Second."]


@pytest.mark.parametrize(
    ("key", "label", "tag"),
    [
        ("Control+b", "Bold", "strong"),
        ("Control+i", "Italic", "em"),
        ("Control+u", "Underline", "u"),
        ("Control+Shift+s", "Strikethrough", "s"),
        ("Control+.", "Superscript", "sup"),
        ("Control+,", "Subscript", "sub"),
        ("Control+e", "Code in a line", "code"),
    ],
)
def test_marks(desk: Desk, key: str, label: str, tag: str) -> None:
    desk.open_new()

    desk.type("a ")
    desk.press(key)
    expect(desk.button(label)).to_have_attribute("aria-pressed", "true")
    desk.type("b")
    desk.press(key)
    desk.type(" c ")
    desk.button(label).click()
    desk.type("d")

    assert desk.save().body_html == f"<p>a <{tag}>b</{tag}> c <{tag}>d</{tag}></p>"


@pytest.mark.parametrize("level", [2, 3, 4])
def test_headings(desk: Desk, level: int) -> None:
    desk.open_new()

    desk.button(f"Heading {level}").click()
    desk.type("Head")
    desk.press("Enter")
    desk.type("Text")
    desk.press("Enter", f"Control+Alt+{level}")
    desk.type("Head again")

    assert desk.save().body_html == (
        f"<h{level}>Head</h{level}><p>Text</p><h{level}>Head again</h{level}>"
    )


def test_lists(desk: Desk) -> None:
    desk.open_new()

    desk.button("List").click()
    desk.type("One")
    desk.press("Enter", "Tab")
    desk.type("Inner")
    desk.press("Enter", "Shift+Tab")
    desk.type("Two")
    desk.press("Enter", "Enter")
    desk.type("Text")
    desk.press("Enter", "Control+Shift+7")
    desk.type("Seven")
    desk.button("First number").click()
    desk.answer("Set number", start="7")

    assert desk.save().body_html == (
        "<ul><li><p>One</p><ul><li><p>Inner</p></li></ul></li><li><p>Two</p></li></ul>"
        '<p>Text</p><ol start="7"><li><p>Seven</p></li></ol>'
    )


def test_quotes(desk: Desk) -> None:
    desk.open_new()

    desk.button("Quote").click()
    desk.type("Said")
    desk.press("Shift+Enter")
    desk.type("twice")
    desk.press("Enter", "Enter")
    desk.type("Text")

    assert desk.save().body_html == "<blockquote><p>Said<br>twice</p></blockquote><p>Text</p>"


def test_links(desk: Desk) -> None:
    desk.open_new()

    desk.type("See word")
    desk.press("Control+Shift+ArrowLeft", "Control+k")
    desk.answer("Set link", href="example.org/page")
    desk.press("End")
    desk.type(" and ")
    desk.button("Link").click()
    desk.answer("Set link", href="desk@example.org", text="the desk")
    desk.type(".")

    assert desk.save().body_html == (
        '<p>See <a href="https://example.org/page">word</a> and'
        ' <a href="mailto:desk@example.org">the desk</a>.</p>'
    )


def test_links_are_changed_and_removed(desk: Desk) -> None:
    desk.open_new()
    desk.button("Link").click()
    desk.answer("Set link", href="https://a.example", text="text")

    desk.press("ArrowLeft", "Control+k")
    desk.answer("Set link", href="/b")
    assert desk.body() == '<p><a href="/b">text</a></p>'
    desk.press("Control+k")
    desk.answer("Remove link")

    assert desk.save().body_html == "<p>text</p>"


def test_links_that_do_harm_are_refused(desk: Desk) -> None:
    desk.open_new()
    desk.button("Link").click()
    dialog = desk.page.get_by_role("dialog")

    dialog.get_by_label("Address").fill("javascript:alert(1)")
    dialog.get_by_role("button", name="Set link").click()

    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    assert desk.written() == ""


def test_pictures(desk: Desk) -> None:
    desk.open_new()
    desk.type("Before")

    desk.button("Picture").click()
    desk.answer("Insert picture", src="https://media.example.org/a.jpg", alt='A "hill"')
    desk.type("The ")
    desk.press("Control+i")
    desk.type("hill")
    desk.press("Enter")
    desk.type("Photo: A. B.")
    desk.press("Enter")
    desk.type("After")

    assert desk.save().body_html == (
        '<p>Before</p><figure><img src="https://media.example.org/a.jpg" alt="A &quot;hill&quot;">'
        "<figcaption>The <em>hill</em> <cite>Photo: A. B.</cite></figcaption></figure><p>After</p>"
    )


def test_pictures_are_changed_and_removed(desk: Desk) -> None:
    desk.open_new()
    desk.button("Picture").click()
    desk.answer("Insert picture", src="/static/demo/steppe.svg", alt="")

    desk.button("Picture").click()
    desk.answer("Change picture", alt="Steppe")
    assert desk.body() == '<figure><img src="/static/demo/steppe.svg" alt="Steppe"></figure>'
    desk.text.locator("img").first.click()
    desk.type("x")
    assert desk.body() == (
        '<figure><img src="/static/demo/steppe.svg" alt="Steppe"></figure><p>x</p>'
    )
    desk.page.wait_for_timeout(600)  # two clicks on one spot within half a second are a double one
    desk.text.locator("img").first.click()
    desk.press("Backspace")

    assert desk.save().body_html == "<p>x</p>"


def test_galleries(desk: Desk) -> None:
    desk.open_new()

    desk.button("Gallery").click()
    desk.answer("Insert gallery", addresses="/a.jpg\n\n https://media.example.org/b.jpg ")
    desk.type("First")
    desk.button("Another picture in this gallery").click()
    desk.answer("Add picture", src="/c.jpg", alt="C")

    assert desk.save().body_html == (
        '<div class="gallery"><figure><img src="/a.jpg" alt=""><figcaption>First</figcaption>'
        '</figure><figure><img src="/c.jpg" alt="C"></figure>'
        '<figure><img src="https://media.example.org/b.jpg" alt=""></figure></div>'
    )


def test_tables(desk: Desk) -> None:
    desk.open_new()

    desk.button("Table").click()
    for text in ("a", "b", "c", "d"):
        desk.type(text)
        desk.press("Tab")
    desk.button("Remove column").click()
    desk.button("Remove row").click()
    desk.button("Row below").click()

    assert desk.save().body_html == (
        "<table><tbody><tr><th><p>a</p></th><th><p>c</p></th></tr>"
        "<tr><td><p></p></td><td><p></p></td></tr>"
        "<tr><td><p></p></td><td><p></p></td></tr></tbody></table>"
    )


def test_code(desk: Desk) -> None:
    desk.open_new()

    desk.button("Code").click()
    desk.type("if a < b:")
    desk.press("Enter")
    desk.type("    print()")
    desk.button("Programming language").click()
    desk.answer("Set language", language="python")

    assert desk.save().body_html == (
        '<pre><code class="language-python">if a &lt; b:\n    print()</code></pre>'
    )


def test_dividers(desk: Desk) -> None:
    desk.open_new()

    desk.type("Before")
    desk.button("Divider").click()
    desk.type("After")

    assert desk.save().body_html == "<p>Before</p><hr><p>After</p>"


def test_undo(desk: Desk) -> None:
    desk.open_new()

    desk.type("word")
    desk.press("Control+z")
    assert desk.body() == ""
    desk.button("Redo").click()

    assert desk.save().body_html == "<p>word</p>"


def test_html(desk: Desk) -> None:
    """The source view; what is written there is cleaned like everything else."""
    desk.open_new()
    desk.type("One")
    desk.press("Enter")
    desk.type("Two")

    desk.button("HTML").click()
    expect(desk.text).to_be_hidden()
    assert desk.body() == "<p>One</p>\n<p>Two</p>"
    desk.source.fill(
        '<p onclick="x()">Three <b>bold</b></p>\n<script>alert(1)</script><h1>Four</h1>'
    )
    desk.button("HTML").click()
    expect(desk.text).to_be_visible()
    assert desk.written() == "<p>Three <strong>bold</strong></p><h2>Four</h2>"
    desk.button("HTML").click()
    desk.source.press_sequentially("<p>Five</p>")

    assert desk.save().body_html.endswith("<p>Five</p>")


def test_the_toolbar_by_keys(desk: Desk) -> None:
    desk.open_new()

    desk.press("Alt+F10")
    expect(desk.button("Bold")).to_be_focused()
    desk.press("ArrowRight")
    expect(desk.button("Italic")).to_be_focused()
    desk.press("ArrowLeft", "ArrowLeft")
    expect(desk.button("HTML")).to_be_focused()
    desk.press("Home", "Enter")
    expect(desk.text).to_be_focused()
    desk.type("bold")

    assert desk.save().body_html == "<p><strong>bold</strong></p>"
