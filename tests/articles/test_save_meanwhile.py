"""Saving what somebody deletes or merges meanwhile."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from articles.merging import merge
from articles.models import Article
from articles.revisions import Relations, relations_of
from articles.saving import save
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_region,
    make_tag,
)
from tests.threads import Thread

pytestmark = pytest.mark.django_db


def wait_for_a_lock() -> None:
    """Until somebody waits for what this transaction holds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            # Of pg_stat_activity a transaction sees one state only.
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.fixture
def editor() -> User:
    return make_login(Role.EDITOR)


def test_of_what_is_deleted_meanwhile_the_rest_is_saved(editor: User) -> None:
    gone, kept, picture = make_tag(), make_tag(), make_image()
    article = make_draft("One", lead_image=picture)
    keys = (gone.pk, picture.pk)
    Article.objects.update(lead_image=None)
    gone.delete()
    picture.delete()

    article.lead_image_id = keys[1]
    save(article, by=editor, based_on=0, relations=Relations([], [keys[0], kept.pk], []))

    connection.check_constraints()
    assert relations_of([article])[article.pk].tag_ids == [kept.pk]
    assert article.lead_image is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [make_tag, make_region, make_author])
def test_what_is_merged_meanwhile_is_what_it_is_now(editor: User, kind: Any) -> None:
    former, into, further = kind(), kind(), kind()
    article = make_draft("One")
    names = ("region_ids", "tag_ids", "author_ids")
    name = names[[make_region, make_tag, make_author].index(kind)]
    keys = {each: [former.pk, further.pk] if each == name else [] for each in names}
    article.title = "Two"

    with transaction.atomic():
        merge(former, into=into, by=None)
        merge(into, into=further, by=None)
        saving = Thread(lambda: save(article, by=editor, based_on=0, relations=Relations(**keys)))
        wait_for_a_lock()
    revision = saving.finish()

    assert getattr(relations_of([article])[article.pk], name) == [further.pk]
    assert revision.content[name] == [further.pk]
