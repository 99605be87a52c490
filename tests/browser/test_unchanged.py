"""Opening any article, typing and deleting one letter, and saving changes nothing in its body."""

import pytest
from playwright.sync_api import expect

from articles.body import clean
from articles.demo.handwritten import handwritten
from articles.models import Article
from tests.browser.bodies import EVERY_BLOCK, generated
from tests.browser.pages import Desk
from tests.factories import make_draft

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

# Each body in the editor: as written, then with a letter typed and taken away in each place
# where text can stand. What differs is returned.
_ROUND_TRIPS = """
(bodies) => {
  const { editor, load, html } = document.querySelector("textarea[name=body_html]").bodyEditor
  const differences = []
  for (const body of bodies) {
    load(body)
    if (html() !== body) {
      differences.push([body, html()])
      continue
    }
    const places = []
    editor.state.doc.descendants((node, pos) => { if (node.isTextblock) places.push(pos + 1) })
    for (const place of places.slice(0, 40)) {
      editor.view.dispatch(editor.state.tr.insertText("x", place))
      editor.view.dispatch(editor.state.tr.delete(place, place + 1))
      if (html() !== body) {
        differences.push([body, html(), place])
        break
      }
    }
  }
  return differences
}
"""


def test_it_works(desk: Desk) -> None:
    body = "".join(EVERY_BLOCK.values())
    assert clean(body) == body
    article = make_draft(body_html=body)

    desk.open(article)
    desk.text.click(position={"x": 200, "y": 30})
    desk.type("x")
    expect(desk.text.locator("p").first).to_contain_text("x")
    assert desk.body() != body
    desk.press("Backspace")
    saved = desk.save()

    assert saved.body_html == body


@pytest.mark.parametrize("block", EVERY_BLOCK)
@pytest.mark.parametrize("place", ["Control+Home", "Control+End"])
def test_a_letter_typed_and_deleted_leaves_each_block(desk: Desk, block: str, place: str) -> None:
    body = EVERY_BLOCK[block]
    assert clean(body) == body
    desk.open(make_draft(body_html=body))
    assert desk.written() == body

    desk.text.focus()
    desk.press(place)
    desk.type("x")
    assert desk.written() != body
    desk.press("Backspace")

    assert desk.body() == body
    assert desk.save().body_html == body


def test_articles_of_the_demo_stay(desk: Desk) -> None:
    stored = [clean(str(each["body_html"])) for each in handwritten(pictures_at="/static/demo")]
    assert len(stored) > 30
    desk.open(make_draft())

    assert desk.page.evaluate(_ROUND_TRIPS, stored) == []


def test_generated_bodies_stay(desk: Desk) -> None:
    stored = generated(400)
    assert len(stored) == 400
    desk.open(make_draft())

    assert desk.page.evaluate(_ROUND_TRIPS, stored) == []


def test_saving_without_a_change_changes_nothing(desk: Desk) -> None:
    body = "".join(EVERY_BLOCK.values())
    article = make_draft(body_html=body)
    desk.open(article)

    desk.save()

    assert Article.objects.get().body_html == body
