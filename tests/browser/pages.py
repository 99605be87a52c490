"""The desk's pages in a browser, as those who work there use them."""

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from articles.models import Article

# Puts HTML on the clipboard and pastes it, as a browser does it for Word, Google Docs and pages.
_PASTE = """
([html, text]) => {
  const data = new DataTransfer()
  if (html) data.setData("text/html", html)
  data.setData("text/plain", text)
  const options = { clipboardData: data, bubbles: true, cancelable: true }
  const event = new ClipboardEvent("paste", options)
  document.activeElement.dispatchEvent(event)
}
"""


class Desk:
    """The form of an article, and the editor of its body."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def text(self) -> Locator:
        """What is written in."""
        return self.page.locator(".ProseMirror")

    @property
    def source(self) -> Locator:
        return self.page.locator("textarea[name=body_html]")

    def open(self, article: Article) -> None:
        self.page.goto(reverse("admin:articles_article_change", args=[article.pk]))
        expect(self.text).to_be_visible()

    def open_new(self) -> None:
        self.page.goto(reverse("admin:articles_article_add"))
        expect(self.text).to_be_visible()
        self.page.get_by_label("Title:").first.fill("Title")
        self.text.click()

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("toolbar").get_by_role("button", name=label, exact=True)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        # A selection made in the very frame of a letter is lost; no person is so fast.
        self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def answer(self, submit: str, **values: str) -> None:
        """Fill in the dialog that is open, by the names of its fields, and send it."""
        dialog = self.page.get_by_role("dialog")
        for name, value in values.items():
            dialog.locator(f"[name={name}]").fill(value)
        dialog.get_by_role("button", name=submit).click()
        expect(dialog).to_have_count(0)
        # ProseMirror puts the selection back 20 ms after the focus returned: keys come later.
        self.page.wait_for_timeout(60)

    def paste(self, html: str = "", text: str = "") -> None:
        self.page.evaluate(_PASTE, [html, text])

    def save(self) -> Article:
        """Save and continue; the newest article as it is stored now."""
        self.send()
        expect(self.page.locator(".messagelist .success")).to_be_visible()
        expect(self.text).to_be_visible()
        return Article.objects.latest("pk")

    def send(self) -> None:
        """Press the button, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Save and continue editing").last.click()

    def body(self) -> str:
        """The body as it would be sent."""
        return self.source.input_value()

    def written(self) -> str:
        """The HTML of what the editor shows."""
        html: str = self.source.evaluate("(textarea) => textarea.bodyEditor.html()")
        return html
