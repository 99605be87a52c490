"""Each page of the desk as a picky editor looks at it: on a phone and on a large screen, in light
and in dark, in English and in Russian.

With SCREENSHOTS=folder the pictures are kept there, for docs and for those who review a change.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has none
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from articles.comments import add_comment, resolve_comment
from articles.models import Article, Tag
from articles.publishing import publish, schedule, submit, trash
from articles.saving import save
from tests.browser.conftest import leave, sign_in
from tests.factories import make_author, make_draft, make_region, make_tag

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

FOLDER = os.environ.get("SCREENSHOTS", "")
_CUT_OFF = "[...document.querySelectorAll('.results')].some((e) => e.scrollWidth > e.clientWidth)"
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# What a screen reader would stumble over: fields without a name, buttons without a word, an id
# that stands twice.
_UNNAMED = """() => {
  const shown = (element) => element.checkVisibility()
  const named = (element) => element.labels?.length || element.getAttribute("aria-label")
    || element.getAttribute("aria-labelledby") || element.title || element.textContent.trim()
    || (element.type === "submit" && element.value)
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id)
  return [
    ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href]")]
      .filter(shown).filter((element) => !named(element)).map((element) => element.outerHTML),
    ...ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `#${id} stands twice`),
  ]
}"""
# Text that can hardly be read (WCAG 2.2, 1.4.3): below 4.5 to 1, or 3 to 1 where it is large.
_FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return canvas.getImageData(0, 0, 1, 1).data
  }
  const light = (colour) => {
    const [r, g, b] = [...colour].slice(0, 3).map((each) => each / 255)
      .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = rgba(getComputedStyle(each).backgroundColor)
      if (colour[3] > 250) return colour
    }
    return rgba(getComputedStyle(document.documentElement).colorScheme === "dark" ? "#000" : "#fff")
  }
  const faint = []
  for (const element of document.querySelectorAll("#main *")) {
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    const style = getComputedStyle(element)
    if (!words || !element.checkVisibility({ opacityProperty: true })) continue
    if (element.closest("[aria-disabled=true], [disabled], .visually-hidden, header")) continue
    const [a, b] = [light(rgba(style.color)), light(ground(element))].sort((x, y) => y - x)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    const ratio = (a + 0.05) / (b + 0.05)
    const told = `${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`
    if (ratio < (large ? 3 : 4.5)) faint.push(told)
  }
  return faint
}"""

# How bad what axe-core finds has to be for the test to fail.
_GRAVE = ("serious", "critical")


@pytest.fixture
def newsroom(chief: User) -> Article:
    """An article with a history, and others in each state."""
    article = make_draft(
        "Вода в Оше поднимается",
        summary="Плотина держится.",
        body_html="<p>Плотина держится. Так говорит мэр.</p>",
        tags=[make_tag("Вода"), make_tag("Плотины")],
        authors=[make_author("Зарина Ашырова", role="Корреспондент"), make_author("Айбек")],
        regions=[make_region("Ош")],
    )
    publish(article, by=chief)
    add_comment(article, by=chief, text="Кто это сказал? @chief")
    resolve_comment(add_comment(article, by=chief, text="So?").comment, by=chief)
    trash(make_draft("Thrown away"), by=chief)
    make_region("Узген", parent=article.regions.get())
    article.body_html = "<p>Плотина держится. Так говорит мэр города.</p>"
    save(article, by=chief, based_on=article.save_number)
    submit(make_draft("Dams of the south"), by=None)
    schedule(make_draft("Morning in Osh"), by=chief, at=timezone.now() + timedelta(minutes=5))
    make_draft("A draft of one's own", created_by=chief)
    failed = make_draft("Late")
    Article.objects.filter(pk=failed.pk).update(state="scheduled", clock_error="It has no title.")
    return article


def pages(article: Article) -> Iterator[tuple[str, str]]:
    """Each page by its name; comparisons of the last two revisions."""
    yield "dashboard", reverse("admin:index")
    yield "list", reverse("admin:articles_article_changelist")
    yield "calendar", reverse("admin:articles_article_calendar")
    for name in ("change", "history", "previews"):
        page = reverse(f"admin:articles_article_{name}", args=[article.pk])
        yield {"change": "form"}.get(name, name), page
    for name in ("comments", "tags"):
        yield name, reverse(f"admin:articles_article_{name}", args=[article.pk])
    yield "trash", f"{reverse('admin:articles_article_changelist')}?trash=yes&state__exact=draft"
    yield "day", f"{reverse('admin:articles_article_calendar')}?day={localtime():%Y-%m-%d}"
    for name in ("region", "tag", "author", "auditentry"):
        yield f"{name}s", reverse(f"admin:articles_{name}_changelist")
    [tag, other] = Tag.objects.order_by("pk")
    merge = reverse("admin:articles_tag_merge", args=[tag.pk])
    yield "merge", merge
    yield "merge-sure", f"{merge}?into={other.pk}"
    newest, older = article.revisions.values_list("pk", flat=True)[:2]
    compare = reverse("admin:articles_article_compare", args=[article.pk])
    yield "compare", f"{compare}?a={older}&b={newest}"


def shut_out(page: Page) -> list[str]:
    """What axe-core says keeps people from reading or using the page, with where it stands."""
    found = Axe().run(page).response["violations"]
    return [
        f"axe, {each['impact']}, {each['id']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in _GRAVE
        for node in each["nodes"]
    ]


def look(page: Page, name: str, variant: str, said: list[str]) -> list[str]:
    """What is wrong with the page that is open. What axe-core itself makes the console say, by
    styles that it tries on the page, is taken out of ``said``."""
    page.wait_for_load_state("networkidle")
    if FOLDER:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(FOLDER) / f"{name}-{variant}.png", full_page=True)
    found = [*page.evaluate(_UNNAMED), *page.evaluate(_FAINT)]
    before = len(said)
    found += shut_out(page)
    del said[before:]
    if page.evaluate(_TOO_WIDE):
        found.append("It reaches out of the window to the side.")
    if "1440" in variant and page.evaluate(_CUT_OFF):
        found.append("A large screen does not show all columns.")
    return [f"{name} ({variant}): {each}" for each in found]


def test_what_is_faint_or_nameless_is_noticed(page: Page) -> None:
    """Or else the other test would pass on anything."""
    page.goto(reverse("admin:index"))
    page.evaluate(
        """() => {
          const main = document.getElementById("main")
          main.insertAdjacentHTML("beforeend", "<p id=a>Faint</p><input><i id=a></i>")
          main.querySelector("p#a").style.color = "color-mix(in srgb, gray 40%, transparent)"
        }"""
    )

    assert len(page.evaluate(_UNNAMED)) == 2
    assert len(page.evaluate(_FAINT)) == 1
    assert {each.split(":")[0] for each in shut_out(page)} == {
        "axe, critical, label",
        "axe, serious, color-contrast",
    }


def meet(page: Page, article: Article, colleague: User) -> None:
    """Save what a colleague has changed meanwhile."""
    page.goto(reverse("admin:articles_article_change", args=[article.pk]))
    page.wait_for_load_state("networkidle")
    article.refresh_from_db()
    article.summary, article.kicker = "Плотина держится, но вода прибывает.", "Ош"
    save(article, by=colleague, based_on=article.save_number)
    page.locator("#id_summary").fill("Плотина держится, говорит мэр.")
    with page.expect_navigation():
        page.locator("#desk-save").click()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1440, "light", "en"), (1440, "dark", "ru"), (390, "light", "ru"), (390, "dark", "en")],
)
def test_every_page_can_be_read(
    chromium: Browser, live_server: LiveServer, chief: User, newsroom: Article,
    width: int, scheme: str, language: str,
) -> None:  # fmt: skip
    context = chromium.new_context(
        base_url=live_server.url,
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
    )
    page = context.new_page()
    found: list[str] = []
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda message: (
            said.append(message.text)
            if message.type == "error" and "409" not in message.text  # the page of conflicts
            else None
        ),
    )
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))

    variant = f"{width}-{scheme}-{language}"
    page.goto(reverse("admin:login"))
    found += look(page, "login", variant, said)
    sign_in(context, chief, live_server.url)
    for name, address in pages(newsroom):
        page.goto(address)
        found += look(page, name, variant, said)
    meet(page, newsroom, chief)
    found += look(page, "conflict", variant, said)

    leave(context)
    assert not found + said, "\n".join(found + said)
