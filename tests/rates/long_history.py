"""Twenty years of bulletins: one bank with 40 currencies, one with 5 daily and the rest weekly."""

from django.db import connection

FIRST, LAST = "2006-01-01", "2025-12-31"
CURRENCIES = 40

# Every day a bulletin; the weekly one on Fridays. Values go up and down, each currency in its own
# time, so that no two days and no two currencies are alike.
_LOAD = f"""
SET LOCAL dastan.bulk = 'on';
INSERT INTO rates_snapshot (source_id, effective_date, fetched_at, revision, status, is_current,
    is_carried_forward, in_force_at, reasons, sha256, document, parser_version, note, version)
SELECT s.id, day, day, 1, 'accepted', true, false, day, '[]', '', '', 1, '', 0
FROM rates_source s, generate_series(date '{FIRST}', date '{LAST}', interval '1 day') day
WHERE s.slug IN ('nbk', 'nbkr')
    OR s.slug = 'nbkr_weekly' AND extract(isodow FROM day) = 5;

INSERT INTO rates_rate (snapshot_id, currency_id, value, nominal)
SELECT sn.id, c.code,
    round(c.place * 7 + 100 + 10 * sin(extract(epoch FROM sn.in_force_at) / 86400 / (c.place + 5))
        ::numeric, 4), CASE WHEN c.place % 5 = 0 THEN 100 ELSE 1 END
FROM rates_snapshot sn
JOIN rates_source s ON s.id = sn.source_id
JOIN (
    SELECT code, row_number() OVER (ORDER BY code NOT IN ('USD', 'EUR', 'KGS', 'KZT', 'TJS', 'TMT',
        'UZS', 'RUB', 'CNY'), code) AS place FROM rates_currency
) c ON c.place <= {CURRENCIES} AND c.code <> s.home_currency_id
WHERE s.slug NOT IN ('nbkr', 'nbkr_weekly')
    OR s.slug = 'nbkr' AND c.code IN ('USD', 'EUR', 'CNY', 'KZT', 'RUB')
    OR s.slug = 'nbkr_weekly' AND c.code NOT IN ('USD', 'EUR', 'CNY', 'KZT', 'RUB');
UPDATE changes_loghead SET epoch = gen_random_uuid();
SET CONSTRAINTS ALL IMMEDIATE;  -- once here, and not at the end of each test
SET CONSTRAINTS ALL DEFERRED;
"""


def load() -> None:
    """Make the bulletins, in the transaction that is open."""
    with connection.cursor() as cursor:
        cursor.execute(_LOAD)
        cursor.execute("ANALYZE rates_snapshot, rates_rate, rates_source, rates_currency")
