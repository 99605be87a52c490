"""The seven sources, as they are made at the first migrate; editors may change them afterwards.

Timetables are what the banks' pages showed in 2026. Where a bank names no hour, it is one at which
its bulletin has usually been there.
"""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

WORKING_DAYS = [1, 2, 3, 4, 5]
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
# Since 1 January 2015 the Central Bank of Turkmenistan has held the dollar at 3.5 manats.
PEGS = {"TMT": {"per": "USD", "rate": "3.5", "since": "2015-01-01"}}

PUBLISHERS: list[dict[str, Any]] = [
    {
        "slug": "nbk",
        "name": "National Bank of Kazakhstan",
        "home_currency_id": "KZT",
        "url": "https://nationalbank.kz/en/exchangerates/ezhednevnye-oficialnye-rynochnye-kursy-valyut",
        "attribution": "National Bank of Kazakhstan, nationalbank.kz",
        "time_zone": "Asia/Almaty",
        "weekdays": WORKING_DAYS,
        "publishes_at": time(16, 0),
        "days_ahead": 1,
        "grace": timedelta(hours=6),
        "pegs": PEGS,
    },
    {
        "slug": "nbkr",
        "name": "National Bank of the Kyrgyz Republic",
        "home_currency_id": "KGS",
        "url": "https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG",
        "attribution": "National Bank of the Kyrgyz Republic, www.nbkr.kg",
        "time_zone": "Asia/Bishkek",
        "weekdays": WORKING_DAYS,
        "publishes_at": time(16, 30),
        "days_ahead": 1,
        "grace": timedelta(hours=6),
        "pegs": PEGS,
    },
    {
        "slug": "nbkr_weekly",
        "name": "National Bank of the Kyrgyz Republic, weekly",
        "home_currency_id": "KGS",
        "url": "https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG",
        "attribution": "National Bank of the Kyrgyz Republic, www.nbkr.kg",
        "time_zone": "Asia/Bishkek",
        "weekdays": [5],
        "publishes_at": time(16, 30),
        "days_ahead": 1,
        "grace": timedelta(hours=30),
        "pegs": PEGS,
    },
    {
        "slug": "cbu",
        "name": "Central Bank of Uzbekistan",
        "home_currency_id": "UZS",
        "url": "https://cbu.uz/en/arkhiv-kursov-valyut/",
        "attribution": "Central Bank of the Republic of Uzbekistan, cbu.uz",
        "time_zone": "Asia/Tashkent",
        "weekdays": WORKING_DAYS,
        "publishes_at": time(16, 30),
        "days_ahead": 1,
        "grace": timedelta(hours=6),
        "pegs": PEGS,
    },
    {
        "slug": "nbt",
        "name": "National Bank of Tajikistan",
        "home_currency_id": "TJS",
        "url": "https://nbt.tj/en/kurs/kurs.php",
        "attribution": "National Bank of Tajikistan, www.nbt.tj",
        "time_zone": "Asia/Dushanbe",
        "weekdays": WORKING_DAYS,
        "publishes_at": time(10, 0),
        "days_ahead": 0,
        "grace": timedelta(hours=10),
        "pegs": PEGS,
    },
    {
        "slug": "cbt",
        "name": "Central Bank of Turkmenistan",
        "home_currency_id": "TMT",
        "url": "https://www.cbt.tm/kurs/",
        "attribution": "Central Bank of Turkmenistan, www.cbt.tm",
        "time_zone": "Asia/Ashgabat",
        "weekdays": [1, 2, 3, 4, 5, 6],
        "publishes_at": time(10, 0),
        "days_ahead": 0,
        "grace": timedelta(hours=10),
        "pegs": PEGS,
    },
    {
        # Fetched once somebody has read the feed's terms and switched it on in the admin.
        "slug": "open_exchange_rates",
        "name": "Open Exchange Rates",
        "home_currency_id": "USD",
        "quotation": "indirect",
        "is_market": True,
        "url": "https://openexchangerates.org/",
        "attribution": "Open Exchange Rates, openexchangerates.org",
        "redistributable": False,
        "is_enabled": False,
        "time_zone": "UTC",
        "weekdays": EVERY_DAY,
        "publishes_at": time(1, 0),
        "days_ahead": 0,
        "grace": timedelta(hours=6),
        "pegs": PEGS,
        "peg_band_percent": Decimal(2),
    },
]
