"""Regions as a tree, in an order of the newsroom's own."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.admin import region_tree
from articles.models import AuditEntry, Region
from articles.region_order import move_region
from articles.workflow import NotAllowed, Role
from tests.articles.desk import make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


@pytest.fixture
def asia() -> Region:
    """With Kazakhstan (and Almaty in it), Kyrgyzstan and Uzbekistan."""
    asia = make_region("Asia", is_listed=True)
    for name in ("Kazakhstan", "Kyrgyzstan", "Uzbekistan"):
        make_region(name, parent=asia, is_listed=True)
    make_region("Almaty", parent=Region.objects.get(slug="kazakhstan"))
    return asia


def tree(desk: Client, query: str = "") -> Any:
    response = desk.get(f"{url('region')}{query}")
    assert response.status_code == 200

    def named(nodes: Any) -> Any:
        return [
            (node.region.name, named(node.below)) if node.below else node.region.name
            for node in nodes
        ]

    return named(response.context["nodes"])


def move(client: Client, way: str, slug: str) -> list[str]:
    key = Region.objects.get(slug=slug).pk
    return told(client.post(url("region", "move"), {way: key}, follow=True))


def test_it_works(desk: Client, client: Client, asia: Region) -> None:
    make_published(regions=[Region.objects.get(slug="almaty")])
    make_draft(regions=[asia])
    assert tree(desk) == [("Asia", [("Kazakhstan", ["Almaty"]), "Kyrgyzstan", "Uzbekistan"])]
    page = desk.get(url("region")).content.decode()
    assert page.count("1 public article<") == 3
    assert '<a href="/admin/articles/article/?region=asia">1 on the desk</a>' in page

    assert move(desk, "up", "uzbekistan") == ["Moved: Uzbekistan."]

    assert tree(desk) == [("Asia", [("Kazakhstan", ["Almaty"]), "Uzbekistan", "Kyrgyzstan"])]
    answer = client.get("/api/v1/regions").json()
    slugs = [each["slug"] for each in answer["results"] if each["parent"] == "asia"]
    assert slugs == ["kazakhstan", "uzbekistan", "kyrgyzstan"]
    entry = AuditEntry.objects.get(verb="move_region")
    assert (entry.by_name, entry.subject) == ("chief", "region Uzbekistan")
    assert entry.details == {"slug": "uzbekistan", "place": 2}


def test_the_first_has_no_earlier_place(desk: Client, asia: Region) -> None:
    before = everything()

    assert move(desk, "up", "kazakhstan") == ["Kazakhstan stands there already."]
    assert move(desk, "down", "uzbekistan") == ["Uzbekistan stands there already."]
    assert move(desk, "down", "asia") == ["Asia stands there already."]

    assert everything() == before
    page = desk.get(url("region")).content.decode()
    assert 'aria-label="Kazakhstan down"' in page
    assert 'aria-label="Kazakhstan up"' not in page


def test_a_search_is_a_list(desk: Client, asia: Region) -> None:
    found = desk.get(f"{url('region')}?q=stan").context["cl"].result_list

    assert [each.name for each in found] == ["Kazakhstan", "Kyrgyzstan", "Uzbekistan"]


def test_a_large_tree_is_shown_a_level_at_a_time(
    desk: Client, asia: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(region_tree, "WHOLE_TREE", 3)

    page = desk.get(url("region"))
    assert tree(desk) == ["Asia"]
    assert "3 regions below" in page.content.decode()
    below = desk.get(f"{url('region')}?below={asia.pk}")
    assert tree(desk, f"?below={asia.pk}") == ["Kazakhstan", "Kyrgyzstan", "Uzbekistan"]
    assert "1 region below" in below.content.decode()
    key = Region.objects.get(slug="uzbekistan").pk
    response = desk.post(url("region", "move"), {"up": key, "below": asia.pk})
    assert response["Location"] == f"{url('region')}?below={asia.pk}#region-{key}"


@pytest.mark.parametrize("below", ["x", "0", "9" * 30, "-1", ""])
def test_an_address_that_was_made_up_shows_the_whole(
    desk: Client, asia: Region, below: str
) -> None:
    assert len(tree(desk, f"?below={below}")) == 1


@pytest.mark.parametrize("form", [{}, {"up": "x"}, {"down": "9" * 30}, {"up": ""}])
def test_a_made_up_move_is_refused(desk: Client, asia: Region, form: dict[str, str]) -> None:
    before = everything()

    assert desk.post(url("region", "move"), form).status_code == 403

    assert everything() == before


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_moves_if_it_may(role: Role | None, asia: Region) -> None:
    client = signed_in(make_login(*([role] if role else [])))
    key = Region.objects.get(slug="uzbekistan").pk
    may = role in (Role.EDITOR, Role.PUBLISHER)
    before = everything()

    response = client.post(url("region", "move"), {"up": key})

    assert response.status_code == (302 if may else 403)
    assert (everything() == before) is not may
    assert client.get(url("region", "move")).status_code == 405


def test_who_may_change_regions_without_a_role_is_told(asia: Region) -> None:
    clerk = signed_in(make_user("clerk", "change_region", "view_region"))
    before = everything()

    assert move(clerk, "up", "uzbekistan") == [
        "You cannot move regions: an editor or a publisher can."
    ]
    with pytest.raises(NotAllowed):
        move_region(asia, by=make_login(Role.WRITER), step=1)
    assert everything() == before


@pytest.mark.parametrize("number", [1, 100])
@pytest.mark.parametrize("whole", [True, False])
def test_it_needs_the_same_statements_for_any_number(
    desk: Client, number: int, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = make_region()
    for _ in range(number):
        make_region(parent=make_region(parent=parent))
    if not whole:
        monkeypatch.setattr(region_tree, "WHOLE_TREE", 1)

    with CaptureQueriesContext(connection) as queries:
        query = "" if whole else f"?below={parent.pk}"
        assert len(tree(desk, query)) == (1 if whole else number)

    # Session, user; how many there are, or the way here; the regions, those on the desk, how many
    # stand below.
    assert len(queries) <= 6, [query["sql"][:150] for query in queries]
