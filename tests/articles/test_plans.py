"""What a list costs among a hundred thousand articles, by PostgreSQL's own account."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from articles.api.article_list import ArticleListView
from articles.models import Article, PublishedArticle, Region, Tag
from cms.api.pagination import Paginator, Paging
from tests.articles import plans
from tests.factories import make_collection

# One worker loads for all of them.
pytestmark = [pytest.mark.django_db, pytest.mark.bulk, pytest.mark.xdist_group("plans")]

URL = "/api/v1/articles"
TABLE = "articles_publishedarticle"


@pytest.fixture(scope="module", autouse=True)
def _articles(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Loaded once, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        plans.load()
        yield
        transaction.set_rollback(True)


def last_page(query: str, rows: str, count: int) -> str:
    """The address of the last page of a walk, without walking there: what the paginator says is
    next after the row before it. ``rows`` is the SQL of the first page."""
    beyond = re.sub(r"LIMIT \d+$", f"OFFSET {count - 21} LIMIT 2", rows)
    with connection.cursor() as cursor:
        cursor.execute(beyond)
        names = [column.name for column in cursor.description or []]
        ids = [dict(zip(names, row, strict=True))["id"] for row in cursor.fetchall()]
    ordering = dict(parse_qsl(query)).get("ordering", "-published_at")
    paginator = Paginator(
        RequestFactory().get(f"{URL}?{query}&fields=id&cursor=", HTTP_HOST="localhost"),
        Paging(page=1, page_size=1, cursor="", count=False),
        ArticleListView.orderings[ordering],
    )
    two = PublishedArticle.objects.all_listed().filter(id__in=ids)
    following = paginator.page(lambda: two, count=two.count).next
    assert following is not None
    return following


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ordering=published_at",
        "ordering=-updated_at",
        "region=large",
        "region=large&ordering=published_at",
        "region=small",
        "region=large,small",
        "tag=old",
        "tag=common",
        "tag=tied",
        "tag=tied&ordering=published_at",
        "tag=old&region=large",
        "tag=old&ordering=-updated_at",
        "tag_all=old,common",
        "author=asel",
        "author=other",
        "language=ru",
        "language=kk",
        "language=en",
        "language=ru&fallback=en",
        "kind=interview",
        "is_breaking=true",
    ],
)
def test_a_walks_last_page_costs_what_its_first_does(client: Client, query: str) -> None:
    _, first = plans.statements(client, f"{URL}?{query}&fields=id&cursor=")
    count = client.get(f"{URL}?{query}&fields=id&cursor=&count=exact&page_size=1").json()["count"]

    answer, last = plans.statements(client, last_page(query, first["rows"], count))

    assert answer["next"] is None
    assert answer["previous"] is not None
    assert len(answer["results"]) == 20
    at_first, at_last = plans.explain(first["rows"]), plans.explain(last["rows"])
    told = f"first: {at_first.describe()}; last: {at_last.describe()}"
    assert at_last.rows <= 1.5 * at_first.rows + 5, told
    assert at_last.pages <= 1.5 * at_first.pages + 10, told


@pytest.mark.parametrize(
    ("query", "most_rows"),
    [
        ("", 21),
        ("ordering=published_at", 21),
        ("ordering=-updated_at", 21),
        ("region=large", 42),  # 21 of Listing, and their articles
        ("region=small", 42),
        ("region=large,small", 60),
        ("region=small&ordering=-updated_at", 300),
        ("tag=old", 42),
        ("tag=common", 42),
        ("tag=old,common", 300),
        ("tag=old&region=large", 100),
        ("tag=old&ordering=-updated_at", 300),
        ("tag_all=old,common", 300),
        ("author=asel", 42),
        ("author=other", 42),
        ("author=asel,other", 42),
        ("language=en", 60),
        ("language=ru", 60),
        ("language=kk", 60),
        ("language=ru&fallback=en", 60),
        ("kind=news", 60),
        ("kind=interview", 60),
        ("kind=interview,opinion", 400),
        ("published_after=2026-03-01", 21),
        ("published_before=2026-01-02", 21),
        ("published_before=2026-01-02&region=large", 42),
        ("updated_after=2026-03-10", 2500),
        ("is_breaking=true", 60),
        ("is_breaking=false", 60),
        ("ids=5,6,7", 10),
        ("exclude_ids=99999,100000", 30),
    ],
)
def test_a_first_page_reads_little_more_than_it_shows(
    client: Client, query: str, most_rows: int
) -> None:
    answer, found = plans.statements(client, f"{URL}?{query}&count=none")

    assert answer["results"]
    plan = plans.explain(found["rows"])
    assert not plan.scans_whole(TABLE), plan.describe()
    assert plan.rows <= most_rows, plan.describe()


@pytest.mark.parametrize("query", ["region=large", "tag=common", "author=other"])
def test_a_list_of_one_thing_is_counted_without_its_articles(client: Client, query: str) -> None:
    answer, _ = plans.statements(client, f"{URL}?{query}")
    further, found = plans.statements(client, f"{URL}?{query}&published_before=2026-01-02")

    assert answer["count"] >= 19_000
    assert 0 < further["count"] < 2_000
    assert TABLE in found["count"]
    assert "count" not in plans.statements(client, f"{URL}?{query}")[1]


def test_a_collection_reads_little_more_than_it_holds(client: Client) -> None:
    large, small = Region.objects.get(slug="large"), Region.objects.get(slug="small")
    common, old = Tag.objects.get(slug="common"), Tag.objects.get(slug="old")
    make_collection(
        Article.objects.get(pk=7),
        {"rule": "breaking_first", "number": 5},
        {"rule": "breaking_first", "region": large, "number": 5},
        {"rule": "breaking_first", "region": small, "number": 5},
        {"rule": "newest", "region": small, "number": 5},
        {"rule": "newest", "tag": common, "number": 5},
        {"rule": "newest", "tag": old, "number": 5},
        {"rule": "newest", "kind": "news", "number": 5},
        slug="front",
        language="en",
    )

    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/api/v1/collections/front?fields=title").json()

    assert len(answer["results"]) == 36
    read = [q["sql"] for q in queries if TABLE in q["sql"] and "changes_loghead" not in q["sql"]]
    assert len(read) == 3
    for sql in read:
        plan = plans.explain(sql)
        assert not plan.scans_whole(TABLE), plan.describe()
        # Of ten lists, the newest 36 of each in that language, and their articles.
        assert plan.rows <= 2500, plan.describe()


@pytest.mark.parametrize("path", ["/en/a-500", "/ru/a-500?from=mail", "/tags/old", "/nothing/a/b"])
def test_a_redirect_is_found_by_indexes(client: Client, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/redirects", {"path": path})

    for sql in [q["sql"] for q in queries if "articles_" in q["sql"]]:
        if "changes_loghead" not in sql and "UNION ALL SELECT 'tag'" not in sql:
            plan = plans.explain(sql)
            assert not plan.scans_whole(TABLE), plan.describe()
            assert plan.rows <= 20, plan.describe()
