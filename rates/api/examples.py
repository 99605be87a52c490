"""What the OpenAPI document shows as examples."""

from typing import Any

LEG: dict[str, Any] = {
    "base": "USD",
    "quote": "TJS",
    "value": "9.4402",
    "nominal": "1",
    "source": "nbt",
    "snapshot": 1204,
    "revision": 1,
    "effective_date": "2026-02-20",
}

RATE: dict[str, Any] = {
    "base": "TJS",
    "quote": "USD",
    "rate": "0.1059299591",
    "change": {
        "absolute": "-0.0002012402776",
        "percent": "-0.1896146268",
        "direction": "down",
        "since": "2026-02-19",
    },
    "effective_date": "2026-02-20",
    "published_at": None,
    "fetched_at": "2026-02-20T05:01:07Z",
    "stale": False,
    "next_expected_at": "2026-02-23T05:00:00Z",
    "source": "nbt",
    "method": "inverse",
    "display": {
        "rate": "0.10593",
        "percent": "-0.19%",
        "text": "TJS/USD = 0.10593 -0.19%",
    },
    "legs": [LEG],
}

CONVERSION: dict[str, Any] = {
    "base": "TJS",
    "quote": "USD",
    "amount": "1500",
    "result": "158.8949387",
    "result_rounded": "158.89",
    **{
        name: RATE[name]
        for name in (
            "rate", "effective_date", "published_at", "fetched_at", "stale", "next_expected_at",
            "source", "method", "legs",
        )
    },
}  # fmt: skip

HISTORY: dict[str, Any] = {
    "base": "TJS",
    "quote": "USD",
    "results": [
        {"period": "2026-02-19", "rate": "0.1061311994"},
        {"period": "2026-02-20", "rate": "0.1059299591"},
    ],
}
HISTORY_CSV = "period,rate\r\n2026-02-19,0.1061311994\r\n2026-02-20,0.1059299591\r\n"
CHART = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360" role="img">…</svg>'

CURRENCY: dict[str, Any] = {
    "code": "KGS",
    "numeric_code": "417",
    "minor_units": 2,
    "name": "Kyrgystani Som",
    "is_on_ticker": True,
}

SNAPSHOT_CARD: dict[str, Any] = {
    "id": 1204,
    "source": "nbt",
    "home_currency": "TJS",
    "quotation": "direct",
    "effective_date": "2026-02-20",
    "published_at": None,
    "fetched_at": "2026-02-20T05:01:07Z",
    "revision": 1,
    "is_current": True,
    "is_carried_forward": False,
    "is_entered_by_hand": False,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "parser_version": 1,
}
SNAPSHOT: dict[str, Any] = {
    **SNAPSHOT_CARD,
    "rates": [{"currency": "USD", "value": "9.4402", "nominal": "1"}],
    "revisions": [
        {
            "id": 1204,
            "revision": 1,
            "fetched_at": "2026-02-20T05:01:07Z",
            "is_current": True,
            "sha256": SNAPSHOT_CARD["sha256"],
        }
    ],
}

SOURCE: dict[str, Any] = {
    "slug": "nbt",
    "name": "National Bank of Tajikistan",
    "home_currency": "TJS",
    "quotation": "direct",
    "is_market": False,
    "url": "https://nbt.tj/en/kurs/kurs.php",
    "attribution": "National Bank of Tajikistan, www.nbt.tj",
    "redistributable": True,
    "time_zone": "Asia/Dushanbe",
    "weekdays": [1, 2, 3, 4, 5],
    "publishes_at": "10:00",
    "is_fetched": True,
    "latest_effective_date": "2026-02-20",
    "last_attempt_at": "2026-02-20T05:01:07Z",
    "last_success_at": "2026-02-20T05:01:07Z",
    "stale": False,
    "stale_from": "2026-02-23T15:00:00Z",
    "next_expected_at": "2026-02-23T05:00:00Z",
    "missed_publications": 0,
}
