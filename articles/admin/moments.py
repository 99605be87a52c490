"""Times in the desk's forms: those of the newsroom's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from cms.moments import parse_newsroom_moment


class MomentInput(forms.DateTimeInput):
    """The browser's own picker; scripts add the weekday (`data-moment`)."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"data-moment": "", "class": "desk-moment"})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            return f"{localtime(value):%Y-%m-%dT%H:%M}"
        return str(value) if value else None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if isinstance(value, str) and value:
            # It was refused: perhaps because it needs an offset, which only a line of text takes.
            context["widget"]["type"] = "text"
        return context


class MomentField(forms.Field):
    """An instant, typed as a time of the newsroom's clock; with an offset where that is needed."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        try:
            return parse_newsroom_moment(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            typed = self.to_python(data)
        except ValidationError:
            return True
        if initial is None or typed is None:
            return initial is not typed
        # A picker shows no seconds: what it sends back unchanged is the same time.
        return bool(initial.replace(second=0, microsecond=0) != typed)

    def kept(self, initial: datetime | None, typed: datetime | None) -> datetime | None:
        """``initial``, with its seconds, where nobody typed another time."""
        return typed if self.has_changed(initial, typed) else initial
