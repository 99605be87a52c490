"""The editor of bodies: a textarea that scripts turn into an editor (django-prose-editor's Tiptap).

What it knows is exactly the normal form of articles/body; its modules are in
articles/static/articles/editor/. Without scripts the textarea stays, with the same HTML in it.
"""

import json
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.widgets import importmap
from js_asset import Media, Script

from articles import body
from articles.body.embeds import address_patterns

STYLES = {"all": ["django_prose_editor/material-icons.css", "articles/editor.css"]}


class BodyEditor(forms.Textarea):
    """A textarea with `data-body-editor`, which holds what is embedded at which addresses."""

    @property
    def media(self) -> Media:
        return Media(
            importmap=importmap,
            css=STYLES,
            js=[Script("articles/editor.js", type="module")],
        )

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        patterns = [{"title": title, "pattern": pattern} for title, pattern in address_patterns()]
        return {**super().build_attrs(*args, **kwargs), "data-body-editor": json.dumps(patterns)}

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a browser does not send a form for a hidden field that it calls required."""
        return False


def shown_body(html: str) -> SafeString:
    """A body as those see it who may not change it; cleaned again, whoever stored it."""
    cleaned = body.clean(html)
    return mark_safe(f'<div class="article-body">{cleaned}</div>')  # noqa: S308  # it is clean
