"""The admin's pages of history, whose entries are stored in English and read in any language."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import override


class HistoryMixin:
    """Tells what was changed in the reader's language; nothing stored is touched.

    Django stores the names of the fields in English and with a capital, as they stand in no
    catalogue.
    """

    def told(self, message: str) -> str:
        """What is shown for a stored message that is a sentence of our own."""
        return message

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        admin: Any = super()
        response: HttpResponse = admin.history_view(request, object_id, extra_context)
        labels = self._labels()
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            message = entry.change_message
            is_of_django = message.startswith("[")
            entry.change_message = _fields(message, labels) if is_of_django else self.told(message)
        return response

    def _labels(self) -> dict[str, str]:
        """By what is stored, what the fields are called on the form."""
        own: Any = self
        called = [getattr(field, "verbose_name", "") for field in own.model._meta.get_fields()]
        called += [field.label for field in own.form.base_fields.values() if field.label]
        with override(None):
            stored = [capfirst(str(each)) for each in called]
        return dict(zip(stored, map(_within_a_sentence, called), strict=True))


def _within_a_sentence(label: object) -> str:
    text = str(label)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _fields(message: str, labels: dict[str, str]) -> str:
    try:
        changes = json.loads(message)
    except ValueError:
        return message
    for change in changes:
        said = change.get("changed") if isinstance(change, dict) else None
        if isinstance(said, dict) and isinstance(said.get("fields"), list) and "name" not in said:
            said["fields"] = [labels.get(str(each), each) for each in said["fields"]]
    return json.dumps(changes)
