"""Who works at the desk, and what their browsers send, for the tests of the admin."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse


def make_user(username: str, *permissions: str, **values: Any) -> User:
    """A login at the desk with these permissions: ``view_article``, ``change_tag``, …"""
    user: User = User.objects.create_user(username, **{"is_staff": True, **values})
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(model: str, page: str = "changelist", *arguments: Any) -> str:
    return reverse(f"admin:articles_{model}_{page}", args=arguments)


def article_form(**values: Any) -> dict[str, Any]:
    """What the article's form sends; ``authors`` are the keys of the byline."""
    authors = values.pop("authors", [])
    return {
        "title": "Title",
        "kicker": "",
        "summary": "",
        "body_html": "<p>Text</p>",
        "regions": [],
        "tags": [],
        "kind": "news",
        "language": "en",
        "slug": "",
        "lead_image": "",
        "seo_title": "",
        "seo_description": "",
        "canonical_url": "",
        "byline": authors,
        "related_choices-TOTAL_FORMS": 0,
        "related_choices-INITIAL_FORMS": 0,
        **values,
    }


def errors(response: Any) -> dict[str, list[str]]:
    """What the form says; asserts that it came back with an error."""
    assert response.status_code == 200
    found: dict[str, list[str]] = response.context["adminform"].form.errors
    assert found or any(
        inline.formset.total_error_count() for inline in response.context["inline_admin_formsets"]
    )
    return found


def told(response: Any) -> list[str]:
    """The messages on the page that follows."""
    return [str(message) for message in response.context["messages"]]


def choose(client: Client, action: str, *articles: Any, query: str = "", **values: Any) -> Any:
    """What the list sends for an action on chosen articles; the answer asks to confirm it."""
    keys = [article.pk for article in articles]
    form = {"action": action, "_selected_action": keys, **values}
    return client.post(f"{url('article')}?{query}", form, follow=True)


def confirm(client: Client, action: str, *articles: Any, query: str = "", **values: Any) -> Any:
    """What the page that asks sends, with the versions that it showed."""
    seen = {f"seen-{article.pk}": article.save_number for article in articles}
    return choose(client, action, *articles, query=query, **{"confirmed": "yes", **seen, **values})
