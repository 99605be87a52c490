"""The endurance experiments, smaller; `make prove` runs the same code for as long as you like."""

from datetime import date
from pathlib import Path

import pytest

from tests.proofs import (
    crossed,
    database_kills,
    desk,
    desk_pages,
    freshness,
    imports,
    log,
    phone,
    rates_figures,
    rates_outages,
    savers,
    schedule,
    search,
    sync,
    webhooks,
    wordpress,
)
from tests.rates.bulletins import bulletin


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_the_log_has_no_gap_and_no_deadlock_under_sixteen_writers() -> None:
    outcome = log.run(8)

    assert outcome.errors == []
    assert outcome.observed > 20
    assert outcome.done["rolled back"] > 5
    assert outcome.done["imports of 300"] >= 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_an_import_takes_neither_long_nor_much_memory_and_stops_nobody() -> None:
    outcome = imports.run(300)

    assert outcome.errors == []
    assert outcome.articles == 300
    assert outcome.published_meanwhile > 3
    assert outcome.megabytes < 400
    assert outcome.seconds < 30  # as slow as the slowest of machines; `make prove` tells figures


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_a_wordpress_export_takes_neither_long_nor_much_memory() -> None:
    outcome = wordpress.run(500)

    assert outcome.errors == []
    assert (outcome.posts, outcome.published) == (500, 475)
    assert outcome.megabytes < 400
    assert outcome.seconds < 60  # as slow as the slowest of machines; `make prove` tells figures


@pytest.mark.django_db
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_readers_have_exactly_what_was_last_published_whatever_the_desk_does() -> None:
    outcome = desk.run(8)

    assert outcome.errors == []
    assert outcome.done["done"] > 30
    assert outcome.done["refused"] > 30


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_what_is_scheduled_comes_out_once_and_on_time_though_workers_are_killed() -> None:
    outcome = schedule.run(40, span=10, kills=6)

    assert outcome.errors == []
    assert outcome.articles == 44
    assert outcome.kills == 6
    assert outcome.answers > 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_fifty_savers_lose_no_word() -> None:
    outcome = savers.run(2)

    assert outcome.errors == []
    assert outcome.done["refused"] > 0
    assert outcome.versions == len(outcome.words) > 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_banks_that_fail_and_a_worker_that_is_killed_lose_no_bulletin() -> None:
    outcome = rates_outages.run(3)

    assert outcome.errors == []
    assert outcome.bulletins > 30
    assert outcome.stale_seen >= 5
    assert outcome.recoveries >= 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_copies_end_as_what_the_api_lists_and_a_poller_does_not() -> None:
    outcome = sync.run(600)

    assert outcome.errors == []
    assert outcome.changes >= 600
    assert outcome.kills > 20
    assert outcome.things > 0
    assert outcome.missed + outcome.left_over > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_a_phone_has_the_demo_newsroom_in_less_than_a_megabyte() -> None:
    outcome = phone.run(10)

    assert outcome.errors == []
    assert outcome.articles == 238
    assert outcome.sizes["first sync: bytes (br)"] < 1_000_000
    assert outcome.sizes["the hour: bytes (br)"] < 50_000
    assert outcome.sizes["nothing new: bytes of the 304"] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_no_message_is_lost_though_subscriber_and_workers_fail() -> None:
    outcome = webhooks.run(150, kills=4)

    assert outcome.errors == []
    assert outcome.messages == 150
    assert outcome.tries > 180
    assert outcome.by_hand > 0


@pytest.mark.django_db(transaction=True)
def test_what_the_api_serves_is_what_was_printed(tmp_path: Path) -> None:
    """The same as on real bulletins, which are not in the repository, on made-up ones."""
    first, second = date(2026, 4, 1), date(2026, 4, 2)
    for name, source, day, quotes in (
        ("nbk_1.xml", "nbk", first, {"USD": "478.77", "KGS": "5.47", "UZS": "3.93/100"}),
        ("nbk_2.xml", "nbk", second, {"USD": "475.09", "KGS": "5.43", "UZS": "3.91/100"}),
        ("nbkr_daily.xml", "nbkr", first, {"USD": "87.4500", "EUR": "101.5076"}),
        ("nbkr_weekly.xml", "nbkr_weekly", first, {"TJS": "9.3647", "JPY": "0.5512"}),
        ("cbu.json", "cbu", first, {"USD": "12194.21", "TMT": "4037.68"}),
        ("cbt.xml", "cbt", second, {"USD": "3.5", "KGS": "4.0023/100"}),
        ("oxr.json", "open_exchange_rates", second, {"KGS": "87.489064", "TJS": "9.440197"}),
    ):
        (tmp_path / name).write_bytes(bulletin(source, day, quotes))
    (tmp_path / "nbt_error.xml").write_text("<html>Down for maintenance</html>")

    outcome = rates_figures.run(100, tmp_path)

    assert outcome.errors == []
    assert outcome.documents == 8
    assert len(outcome.refused) == 1
    assert ["cbu.json" in each for each in outcome.quarantined] == [True]
    assert outcome.same == 14
    assert outcome.pairs > 50
    assert (
        "| `nbk` 2026-04-01 | 100 UZS = 3.93 KZT | 1 UZS = 0.0393 KZT | 1 KZT = 25.44529262 UZS"
        " | published | `UZS/KZT = 0.03930` |"
    ) in outcome.lines


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_a_search_reads_no_table_of_articles_from_end_to_end_and_costs_little() -> None:
    outcome = search.run(1500)

    assert outcome.errors == []
    assert set(outcome.milliseconds) >= set(search.BOUNDS)
    for what in ("search", "suggestion", "related"):
        assert any(name.startswith(what) for name in outcome.plans)


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.varnish
@pytest.mark.xdist_group("proofs")
def test_readers_of_every_process_and_of_varnish_see_a_change_with_their_next_request() -> None:
    outcome = freshness.run(12)

    assert outcome.errors == []
    assert outcome.changes.total() == 12
    assert (outcome.next_requests, outcome.next_through_varnish) == (96, 24)
    assert min(outcome.answers["of a process"], outcome.answers["through Varnish"]) > 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_a_database_that_is_killed_costs_readers_little_and_the_desk_nothing() -> None:
    outcome = database_kills.run(2)

    assert outcome.errors == []
    assert outcome.kills == len(outcome.recoveries) == 2
    assert outcome.published > 0
    assert outcome.answers["200"] > 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.varnish
@pytest.mark.xdist_group("proofs")
def test_no_answer_is_crossed_between_callers() -> None:
    outcome = crossed.run(500)

    assert outcome.errors == []
    assert outcome.ways > 80
    assert {200, 304, 400, 401, 404, 406} <= outcome.statuses.keys()


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
@pytest.mark.xdist_group("proofs")
def test_no_page_of_the_desk_takes_long() -> None:
    outcome = desk_pages.run(1000)

    assert outcome.errors == []
    assert len(outcome.few) == len(outcome.many) > 50
