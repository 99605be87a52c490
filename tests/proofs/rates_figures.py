"""Real bulletins through the command, and what the API then serves, against the printed digits.

The figures are read from the documents a second time here, by patterns as crude as can be, so that
no parser of Dastan's is its own witness. FEEDS names the folder with the documents.
"""

import io
import os
import random
import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from rates.models import Rate, Snapshot

PROMISE = (
    "Real bulletins of five central banks and two market feeds go through `manage.py ingest_rates`."
    " Every figure is stored digit for digit as it was printed, and each of N rates, of pairs and"
    " days chosen at random, is what exact fractions of the printed digits come to."
)
UNIT = "pairs of currencies on some day"
FEEDS = Path(os.environ.get("FEEDS", settings.BASE_DIR.parent / "shared" / "feeds"))

_SLUGS = {
    "nbk_": "nbk", "nbkr_daily": "nbkr", "nbkr_weekly": "nbkr_weekly", "cbu": "cbu", "nbt": "nbt",
    "cbt": "cbt", "open_er": "open_exchange_rates", "oxr": "open_exchange_rates",
}  # fmt: skip
# Code, nominal and value, as they stand in the document.
_PRINTED = {
    "nbk": r"<title>(?P<code>[A-Z]{3})</title>\s*<description>(?P<value>[^<]+)</description>"
    r"\s*<quant>(?P<nominal>\d+)",
    "nbkr": r'ISOCode="(?P<code>[A-Z]{3})">\s*<Nominal>(?P<nominal>\d+)</Nominal>.*?'
    r"<Value>(?P<value>[^<]+)",
    "cbu": r'"Ccy":\s?"(?P<code>[A-Z]{3})".*?"Nominal":\s?"(?P<nominal>\d+)",\s?'
    r'"Rate":\s?"(?P<value>[^"]+)"',
    "nbt": r"<CharCode>(?P<code>[A-Z]{3})</CharCode>\s*<Nominal>(?P<nominal>\d+)</Nominal>.*?"
    r"<Value>(?P<value>[^<]+)",
    "cbt": r'<rate code="(?P<code>[A-Z]{3})">.*?<multiplier>(?P<nominal>\d+)</multiplier>\s*'
    r"<rate_tmt>(?P<value>[^<]+)",
    "open_exchange_rates": r'"(?P<code>[A-Z]{3})":\s?(?P<value>[\d.]+)',
}
_PRINTED["nbkr_weekly"] = _PRINTED["nbkr"]
TICKER = ("KGS", "KZT", "TJS", "TMT", "UZS")

Figures = dict[str, tuple[str, str]]


@dataclass
class Outcome:
    documents: int = 0
    refused: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    same: int = 0
    pairs: int = 0
    underivable: int = 0
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "documents": self.documents,
            "refused": "; ".join(self.refused) or "none",
            "in quarantine": "; ".join(self.quarantined) or "none",
            "figures stored as they were printed": self.same,
            "pairs and days tried": self.pairs + self.underivable,
            "of them, rates equal to exact fractions": self.pairs,
            "of them, without a source that has both legs: 404": self.underivable,
            "mistakes": len(self.errors),
        }

    def details(self) -> str:
        """The table of the banks' own figures and what the API serves."""
        head = (
            "| bulletin | as printed | in the API | the other way | method | on the ticker |\n"
            "|---|---|---|---|---|---|\n"
        )
        return "## Digit for digit\n\n" + head + "\n".join(self.lines) + "\n"


def run(n: int, folder: Path = FEEDS) -> Outcome:
    if not folder.is_dir():
        raise SystemExit(f"{folder} is no folder: name the one with the bulletins, FEEDS=/path.")
    outcome = Outcome()
    client = Client(headers={"host": "localhost"})
    printed: dict[tuple[str, str], Figures] = {}
    for path in sorted(folder.iterdir()):
        slug = next((each for key, each in _SLUGS.items() if path.name.startswith(key)), None)
        if slug is not None:
            outcome.documents += 1
            _take(path, slug, printed, outcome)
    for (slug, day), figures in sorted(printed.items()):
        _compare_bulletin(client, slug, day, figures, outcome)
    _compare_pairs(client, printed, n, outcome)
    return outcome


def _take(path: Path, slug: str, printed: dict[tuple[str, str], Figures], outcome: Outcome) -> None:
    """Ingest a document as anybody would, and note its figures if it was accepted."""
    try:
        call_command("ingest_rates", slug, file=str(path), stdout=io.StringIO())
    except CommandError as error:
        outcome.refused.append(f"`{path.name}` ({error})")
        return
    snapshot = Snapshot.objects.filter(source__slug=slug).latest("id")
    if snapshot.status == Snapshot.Status.QUARANTINED:
        reasons = " ".join(each["detail"] for each in snapshot.reasons)
        outcome.quarantined.append(f"`{path.name}` ({reasons})")
        return
    text = path.read_bytes().decode("utf-8", errors="replace")
    printed[slug, snapshot.effective_date.isoformat()] = {
        each["code"]: (each["value"].replace(",", "."), each.groupdict().get("nominal") or "1")
        for each in re.finditer(_PRINTED[slug], text, re.DOTALL)
    }


def _compare_bulletin(
    client: Client, slug: str, day: str, figures: Figures, outcome: Outcome
) -> None:
    """Each stored figure against the printed one; and the currencies of the ticker, as lines."""
    snapshot = Snapshot.objects.get(source__slug=slug, effective_date=day, is_current=True)
    home = snapshot.source.home_currency_id
    for rate in snapshot.rates.all():
        stored = (format(rate.value, "f"), format(rate.nominal, "f"))
        if figures.get(rate.currency_id) == stored:
            outcome.same += 1
        else:
            printed = figures.get(rate.currency_id)
            outcome.errors.append(f"{slug} {day} {rate.currency_id}: {printed} became {stored}")
    left_out = set(figures) - {each.currency_id for each in snapshot.rates.all()} - {home}
    unknown = [code for code in sorted(left_out) if code not in snapshot.note]
    if unknown:
        outcome.errors.append(f"{slug} {day}: {unknown} are missing, and the note is silent")
    for code in TICKER:
        _add_line(client, (slug, day), home, figures, code, outcome)


def _add_line(
    client: Client,
    bulletin: tuple[str, str],
    home: str,
    figures: Figures,
    code: str,
    outcome: Outcome,
) -> None:
    """What that bulletin says of a currency of the ticker, and what the API serves of it."""
    slug, day = bulletin
    # Of its own currency a bank says it in dollars; all others, in its own currency.
    foreign = "USD" if code == home else code
    answers = {
        each["base"]: each
        for pair in (f"{foreign}-{home}", f"{home}-{foreign}")
        if (each := client.get(f"/api/v1/rates/{pair}?on={day}").json()).get("source") == slug
    }
    if foreign not in figures or set(answers) != {foreign, home}:
        return  # it does not say, or another one has the say on that day
    [leg] = answers[code]["legs"]
    value, nominal = figures[foreign]
    if (value, nominal) != (leg["value"], leg["nominal"]):
        outcome.errors.append(f"{slug} {day} {foreign}: {value} is shown as {leg['value']}")
    base, quote = leg["base"], leg["quote"]
    outcome.lines.append(
        f"| `{slug}` {day} | {nominal} {base} = {value} {quote}"
        f" | 1 {base} = {answers[base]['rate']} {quote}"
        f" | 1 {quote} = {answers[quote]['rate']} {base}"
        f" | {answers[code]['method']} | `{answers[code]['display']['text']}` |"
    )


def _compare_pairs(
    client: Client, printed: dict[tuple[str, str], Figures], n: int, outcome: Outcome
) -> None:
    chance = random.Random(20260521)
    codes = sorted(set(Rate.objects.values_list("currency_id", flat=True)))
    days = sorted({date.fromisoformat(day) for _, day in printed})
    for _ in range(n):
        base, quote = chance.sample(codes, 2)
        day = chance.choice(days)
        answer = client.get(f"/api/v1/rates/{base}-{quote}?on={day}").json()
        if answer.get("status") == 404:
            outcome.underivable += 1
        elif "rate" not in answer:
            outcome.errors.append(f"{base}-{quote} on {day}: {answer['detail']}")
        elif Fraction(answer["rate"]) == _rounded(_exactly(answer, printed)):
            outcome.pairs += 1
        else:
            outcome.errors.append(f"{base}-{quote} on {day}: {answer['rate']}")


def _exactly(answer: dict[str, Any], printed: dict[tuple[str, str], Figures]) -> Fraction:
    """The rate as a fraction of the printed digits, by the legs that the answer names."""
    rate = Fraction(1)
    at = answer["base"]
    for leg in answer["legs"]:
        figures = printed[leg["source"], leg["effective_date"]]
        is_indirect = leg["source"] == "open_exchange_rates"
        value, nominal = figures[leg["quote"] if is_indirect else leg["base"]]
        worth = Fraction(value) / Fraction(nominal)
        rate, at = (
            (rate * worth, leg["quote"]) if at == leg["base"] else (rate / worth, leg["base"])
        )
    if at != answer["quote"]:
        raise ValueError(f"The legs lead to {at}: {answer}")
    return rate


def _rounded(number: Fraction) -> Fraction:
    """To ten significant digits, half to even."""
    unit = Fraction(1)
    while number >= 10**10 * unit:
        unit *= 10
    while number < 10**9 * unit:
        unit /= 10
    return round(number / unit) * unit
