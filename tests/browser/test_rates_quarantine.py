"""A bulletin whose manat is wrong is kept from readers, then released and withdrawn at the desk.

As the Central Bank of Uzbekistan printed one on 1 April 2026: TMT 4037.68, the day before and the
day after about 3469; shortened, and of our own making otherwise.
"""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from rates.models import Currency, Decision, Snapshot, Source
from rates.reference_data import make_missing
from tests.rates.bulletins import bulletin

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

BEFORE = {"USD": "12142.10", "EUR": "14079.98", "TMT": "3469.17", "IDR": "7.15/10"}
WRONG = {"USD": "12194.21", "EUR": "13984.32", "TMT": "4037.68", "IDR": "7.18/10"}


@pytest.fixture(autouse=True)
def _bulletins(tmp_path: Path, transactional_db: None) -> None:
    """Both days' bulletins, taken in by the command."""
    make_missing()
    for day, quotes in ((date(2026, 3, 31), BEFORE), (date(2026, 4, 1), WRONG)):
        file = tmp_path / f"{day}.json"
        file.write_bytes(bulletin("cbu", day, quotes))
        call_command("ingest_rates", "cbu", file=str(file))


def served(page: Page) -> str:
    """What readers get for the manat in soms on the first of April."""
    answer = page.request.get("/api/v1/rates/TMT-UZS?on=2026-04-01").json()
    return f"{answer['effective_date']} {answer['rate']}"


def open_quarantined(page: Page) -> None:
    """The way there: the list, narrowed to what is in quarantine, and its only line."""
    page.goto(reverse("admin:rates_snapshot_changelist"))
    page.get_by_role("link", name="Quarantined").click()
    page.get_by_role("link", name="cbu · 2026-04-01").click()
    expect(page.locator("#snapshot-status")).to_have_text("Quarantined")


def test_it_works(page: Page) -> None:
    assert served(page) == "2026-03-31 3469.17"

    open_quarantined(page)

    doubts = page.locator("#doubts")
    expect(doubts.get_by_role("rowheader")).to_have_text(["TMT"])
    *numbers, why = doubts.get_by_role("cell").all_inner_texts()
    assert numbers == ["4037.68", "3469.17", "+16.39%"]
    assert "By this bulletin one USD is 3.0201 TMT; the peg is 3.5" in why
    assert "TMT moved by 16.39%, from 3469.17 on 2026-03-31 to 4037.68" in why
    expect(page.locator("#rates tbody tr")).to_have_count(4)


def test_it_is_released_and_withdrawn(page: Page) -> None:
    open_quarantined(page)

    page.get_by_label("Why?").fill("The bank says on the telephone that it is right.")
    page.get_by_role("button", name="Release").click()

    expect(page.locator(".messagelist .success")).to_have_text("Released.")
    expect(page.locator("#snapshot-status")).to_have_text("Accepted")
    expect(page.get_by_role("button", name="Release")).to_have_count(0)
    assert served(page) == "2026-04-01 4037.68"

    page.get_by_label("Why?").fill("The bank has corrected itself after all.")
    page.get_by_role("button", name="Withdraw").click()

    expect(page.locator(".messagelist .success")).to_have_text("Withdrawn.")
    expect(page.locator("#snapshot-status")).to_have_text("Withdrawn")
    assert served(page) == "2026-03-31 3469.17"
    decisions = page.locator("#decisions li")
    expect(decisions).to_have_count(2)
    expect(decisions.first).to_contain_text(
        "chief: released. The bank says on the telephone that it is right."
    )
    assert [each.action for each in Decision.objects.all()] == ["released", "withdrawn"]


def test_without_a_comment_the_browser_sends_nothing(page: Page) -> None:
    open_quarantined(page)
    address = page.url

    page.get_by_role("button", name="Release").click()

    expect(page.locator("#id_comment:invalid")).to_be_focused()
    assert page.url == address
    assert Snapshot.objects.get(effective_date="2026-04-01").status == "quarantined"
    assert not Decision.objects.exists()


def test_a_bulletin_is_entered_by_hand(page: Page) -> None:
    page.goto(reverse("admin:rates_source_changelist"))
    page.get_by_role("link", name="Central Bank of Uzbekistan").click()
    page.get_by_role("link", name="Enter a bulletin by hand").click()
    expect(page.get_by_label("Rates:")).to_have_value("USD 1 \nEUR 1 \nTMT 1 \nIDR 10 \n")

    page.get_by_label("Effective date:").fill("2026-04-02")
    page.get_by_label("Rates:").fill("USD 1 12142.20\nTMT 1 3469.20\nEUR 14079.98\nIDR 10 7.15")
    page.get_by_label("Where from:").fill("The bank's page")
    page.get_by_role("button", name="Enter").click()

    expect(page.locator(".messagelist .success")).to_contain_text("The bulletin is accepted")
    expect(page.locator("#rates tbody tr").first).to_contain_text("EUR")
    snapshot = Snapshot.objects.get(effective_date="2026-04-02")
    assert (snapshot.source, snapshot.note) == (Source.objects.get(slug="cbu"), "The bank's page")


def test_the_ticker_is_put_in_order(page: Page) -> None:
    page.goto(reverse("admin:rates_currency_changelist"))
    page.get_by_role("link", name="The ticker", exact=True).click()
    expect(page.locator("#ticker li")).to_have_text(["UZS/USD = 0.00008", "TMT/USD = 0.28571"])

    page.get_by_role("button", name="TMT up").click()
    expect(page.locator(".messagelist .success")).to_have_text("TMT moved up.")
    expect(page.locator("#ticker li")).to_have_text(["TMT/USD = 0.28571", "UZS/USD = 0.00008"])

    page.get_by_label("One more:").select_option("EUR")
    page.get_by_role("button", name="Put on the ticker").click()
    expect(page.locator("#ticker li").last).to_contain_text("EUR/USD = 1.15960")
    page.get_by_role("button", name="KGS off the ticker").click()
    expect(page.locator(".messagelist .success")).to_have_text("KGS is off the ticker.")
    codes = list(Currency.objects.ticker().values_list("code", flat=True))
    assert codes == ["KZT", "TJS", "TMT", "UZS", "EUR"]
