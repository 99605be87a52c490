"""What rates cost among twenty years of bulletins, by PostgreSQL's own account."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.articles.plans import Plan, explain
from tests.rates import long_history
from tests.rates.quoting import BASE

# One worker loads for all of them.
pytestmark = [pytest.mark.django_db, pytest.mark.bulk, pytest.mark.xdist_group("rates_plans")]

WHOLE = f"from={long_history.FIRST}&to={long_history.LAST}"
MONTH = "from=2015-03-01&to=2015-03-31"


@pytest.fixture(scope="module", autouse=True)
def _bulletins(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Loaded once, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        long_history.load()
        yield
        transaction.set_rollback(True)


def read(client: Client, path: str) -> tuple[int, list[str]]:
    """The answer's size in bytes, and the statements after that of the version."""
    client.get(f"{BASE}/ticker")  # currencies and sources are in memory from now on
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{BASE}/{path}")
        size = len(response.getvalue())
    assert response.status_code == 200
    return size, [each["sql"] for each in queries if "changes_loghead" not in each["sql"]]


def assert_by_index(plan: Plan) -> None:
    for table in ("rates_rate", "rates_snapshot"):
        assert not plan.scans_whole(table), plan.describe()


@pytest.mark.parametrize(
    ("pair", "points"),
    [
        ("KZT-USD", 7305),  # a bank's own
        ("EUR-RUB", 7305),  # a cross within one bulletin
        ("KGS-USD", 7305),
        ("UZS-KGS", 1044),  # quoted once a week
    ],
)
@pytest.mark.parametrize("query", ["", "&interval=week&aggregate=ohlc", "&format=csv"])
def test_twenty_years_are_read_by_index_in_one_statement(
    client: Client, pair: str, points: int, query: str
) -> None:
    size, [statement] = read(client, f"{pair}/history?{WHOLE}{query}")

    assert size > 20 * 1000
    plan = explain(statement)
    assert_by_index(plan)
    used = {node.get("Index Name") for node in plan.nodes}
    assert {"rates_snapshot_one_current", "rates_rate_once_a_snapshot"} <= used
    # The days, each with a quote or two; then once more as they are grouped.
    assert plan.rows <= 16 * points + 30_000, plan.describe()


@pytest.mark.parametrize("pair", ["KZT-USD", "EUR-RUB", "KGS-USD", "UZS-KGS", "JPY-EUR"])
def test_a_month_among_twenty_years_costs_what_a_month_does(client: Client, pair: str) -> None:
    _, [statement] = read(client, f"{pair}/history?{MONTH}")

    plan = explain(statement)
    assert_by_index(plan)
    assert plan.pages < 2_500, plan.describe()
    assert plan.rows < 2_500, plan.describe()


@pytest.mark.parametrize("path", ["ticker?include=sparkline", "KGS-USD", "EUR-RUB?on=2010-02-03"])
def test_rates_of_a_moment_read_little_more_than_they_show(client: Client, path: str) -> None:
    for statement in read(client, path)[1]:
        plan = explain(statement)
        assert_by_index(plan)
        used = {node.get("Index Name") for node in plan.nodes}
        assert "rates_snapshot_newest" not in used, plan.describe()  # it goes through all sources
        assert plan.rows < 1_000, plan.describe()
        assert plan.pages < 2_500, plan.describe()


@pytest.mark.parametrize(
    "query",
    ["", "ordering=effective_date", "source=nbk", "effective_before=2010-02-03", "include=rates"],
)
def test_bulletins_are_listed_by_index(client: Client, query: str) -> None:
    for statement in read(client, f"snapshots?count=none&{query}")[1]:
        plan = explain(statement)
        assert_by_index(plan)
        assert plan.rows < 3_000, plan.describe()
