"""Query parameters: strict, and told the same way to people, to OpenAPI and to django-filter.

A parameter is a form field that takes the raw text, says what is wrong in a sentence, and knows
its JSON Schema. What is repeated, empty or not text never gets here (cms/api/requests.py).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from cms import languages, moments
from cms.api.problems import ProblemError

T = TypeVar("T")

MAX_SLUGS = 20
MAX_IDS = 100
MAX_ID = 2**63 - 1

_SLUG = r"[a-zA-Z0-9_-]{1,200}"
_ID = r"[1-9][0-9]{0,18}"


class Parameter(forms.Field):
    """One query parameter: ``clean(text)`` gives its value, None where it is absent.

    ``schema`` is its JSON Schema, ``example`` a value of that. One that ``is_needed`` may not be
    absent.
    """

    is_needed = False

    def __init__(self, description: str, schema: dict[str, Any], example: Any) -> None:
        super().__init__(required=False)
        self.description = description
        self.schema = schema
        self.example = example

    def to_python(self, value: Any) -> Any:
        if value is None and self.is_needed:
            raise ValidationError(f"It is needed, as in {self.example}.")
        return None if value is None else self.parse(value)

    def parse(self, text: str) -> Any:
        raise NotImplementedError


class Pattern(Parameter):
    """A text that matches a pattern as a whole."""

    def __init__(self, description: str, pattern: str, expected: str, example: str) -> None:
        super().__init__(description, {"type": "string", "pattern": f"^{pattern}$"}, example)
        self._pattern = re.compile(pattern)
        self._expected = expected

    def parse(self, text: str) -> str:
        if not self._pattern.fullmatch(text):
            raise ValidationError(f"It takes {self._expected}.")
        return text


class SlugParameter(Pattern):
    def __init__(self, description: str) -> None:
        expected = "a slug: ASCII letters, digits, hyphens, underscores"
        super().__init__(description, _SLUG, expected, "kazakhstan")


class LanguageParameter(Pattern):
    def __init__(self, description: str) -> None:
        expected = "a language tag (BCP 47) such as en or ru"
        super().__init__(description, languages.PATTERN, expected, "ru")

    def parse(self, text: str) -> str:
        return languages.canonical(super().parse(text))


class TextParameter(Parameter):
    """Free text of bounded length."""

    def __init__(self, description: str, *, max_length: int, example: str = "Ka") -> None:
        schema = {"type": "string", "minLength": 1, "maxLength": max_length}
        super().__init__(description, schema, example)
        self._max_length = max_length

    def parse(self, text: str) -> str:
        if len(text) > self._max_length:
            raise ValidationError(f"It takes at most {self._max_length} characters.")
        return text


class WordsParameter(TextParameter):
    """Free text of bounded length and number of words, as white space parts them."""

    def __init__(self, description: str, *, max_length: int, max_words: int, example: str) -> None:
        super().__init__(description, max_length=max_length, example=example)
        self._max_words = max_words

    def parse(self, text: str) -> str:
        words = len(super().parse(text).split())
        if words > self._max_words:
            raise ValidationError(f"It takes at most {self._max_words} words; these are {words}.")
        return text


class IntegerParameter(Parameter):
    """A whole number in ASCII digits, from 1 to ``maximum``."""

    def __init__(self, description: str, *, maximum: int, default: int) -> None:
        schema = {"type": "integer", "minimum": 1, "maximum": maximum, "default": default}
        super().__init__(description, schema, default)
        self._maximum = maximum
        self._default = default

    def to_python(self, value: Any) -> int:
        if value is None:
            return self._default
        if not re.fullmatch(_ID, value) or int(value) > self._maximum:
            raise ValidationError(f"It takes a whole number from 1 to {self._maximum}.")
        return int(value)


class BooleanParameter(Parameter):
    def __init__(self, description: str) -> None:
        super().__init__(description, {"type": "boolean"}, True)

    def parse(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValidationError("It takes true or false.")
        return text == "true"


class DateParameter(Parameter):
    """A calendar date of ISO 8601, such as 2026-02-21."""

    def __init__(self, description: str) -> None:
        schema = {"type": "string", "format": "date", "pattern": f"^{moments.DATE_PATTERN}$"}
        super().__init__(description, schema, "2026-02-21")

    def parse(self, text: str) -> date:
        if not re.fullmatch(moments.DATE_PATTERN, text):
            raise ValidationError("It takes a date such as 2026-02-21.")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValidationError(f"There is no such day as {text}.") from None


class MomentParameter(Parameter):
    """An RFC 3339 time with its offset, or a date, which means 00:00 in NEWSROOM_TIME_ZONE.

    The value is aware, in UTC.
    """

    def __init__(self, description: str) -> None:
        schema = {
            "type": "string",
            "anyOf": [{"format": "date-time"}, {"format": "date"}],
            "pattern": f"^{moments.PATTERN}$",
        }
        super().__init__(description, schema, "2026-02-21T00:00:00Z")

    def parse(self, text: str) -> datetime:
        try:
            return moments.parse_moment(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class ListParameter(Parameter):
    """Comma-separated items of one pattern, at most ``limit`` of them; order kept, once each."""

    def __init__(
        self, description: str, *, item: str, limit: int, expected: str, example: list[Any]
    ) -> None:
        items = {"type": "string", "pattern": f"^{item}$"}
        schema = {"type": "array", "items": items, "minItems": 1, "maxItems": limit}
        super().__init__(description, schema, example)
        self._item = re.compile(item)
        self._limit = limit
        self._expected = expected

    def parse(self, text: str) -> list[Any]:
        items = text.split(",")
        if len(items) > self._limit:
            raise ValidationError(f"It takes at most {self._limit} items; these are {len(items)}.")
        if not all(self._item.fullmatch(item) for item in items):
            raise ValidationError(f"It takes {self._expected}, parted by commas.")
        return list(dict.fromkeys(items))


class SlugsParameter(ListParameter):
    def __init__(self, description: str) -> None:
        super().__init__(
            description, item=_SLUG, limit=MAX_SLUGS, expected="slugs", example=["kazakhstan"]
        )


class IdsParameter(ListParameter):
    def __init__(self, description: str) -> None:
        super().__init__(
            description,
            item=_ID,
            limit=MAX_IDS,
            expected="ids (positive integers)",
            example=[12, 15],
        )
        self.schema["items"] = {
            "type": "integer",
            "format": "int64",
            "minimum": 1,
            "maximum": MAX_ID,
        }

    def parse(self, text: str) -> list[int]:
        ids = [int(item) for item in super().parse(text)]
        if max(ids) > MAX_ID:
            raise ValidationError(f"An id is at most {MAX_ID}.")
        return ids


class ChoiceParameter(Parameter):
    """One of a few words."""

    def __init__(self, description: str, choices: Sequence[str], default: str | None) -> None:
        schema: dict[str, Any] = {"type": "string", "enum": list(choices)}
        if default is not None:
            schema["default"] = default
        super().__init__(description, schema, choices[0])
        self._choices = choices
        self._default = default

    def to_python(self, value: Any) -> str | None:
        if value is None:
            return self._default
        if value not in self._choices:
            raise ValidationError(f"It takes one of: {', '.join(self._choices)}.")
        return str(value)


class ChoicesParameter(Parameter):
    """Comma-separated words of an allow-list."""

    def __init__(self, description: str, choices: Sequence[str]) -> None:
        items = {"type": "string", "enum": list(choices)}
        schema = {"type": "array", "items": items, "minItems": 1}
        super().__init__(description, schema, list(choices[:2]))
        self._choices = choices

    def parse(self, text: str) -> list[str]:
        items = text.split(",")
        unknown = [item for item in items if item not in self._choices]
        if unknown:
            raise ValidationError(f"“{unknown[0][:50]}” is not one of: {', '.join(self._choices)}.")
        return list(dict.fromkeys(items))


class ParameterFilter(django_filters.Filter):
    """A filter of django-filter that reads its value by a ``Parameter``."""

    def __init__(
        self, parameter: Parameter, field_name: str | None = None, lookup_expr: str = "exact"
    ) -> None:
        super().__init__(field_name=field_name, lookup_expr=lookup_expr)
        self.parameter = parameter

    @property
    def field(self) -> Parameter:
        return self.parameter


class ParameterErrors:
    """Collects what is wrong with a request's parameters, so that one answer tells all of it."""

    def __init__(self) -> None:
        self.errors: list[dict[str, str]] = []

    def add(self, parameter: str, detail: str, code: str = "invalid-parameter") -> None:
        self.errors.append({"parameter": parameter, "code": code, "detail": detail})

    def read(self, name: str, parameter: Parameter, query: Mapping[str, str]) -> Any:
        """The value of one parameter, or None after adding what is wrong with it."""
        try:
            return parameter.clean(query.get(name))
        except ValidationError as error:
            self.add(name, " ".join(error.messages))
            return None

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What ``read`` returns, or None after adding the errors of the problem it raised."""
        try:
            return read()
        except ProblemError as problem:
            self.errors.extend(problem.errors)
            return None

    def refuse_unknown(self, query: QueryDict, known: Iterable[str]) -> None:
        names = sorted(known)
        exist = f"These exist here: {', '.join(names)}." if names else "None exist here."
        for name in query:
            if name not in names:
                self.add(name[:100], f"There is no such parameter. {exist}", "unknown-parameter")

    def raise_any(self) -> None:
        if self.errors:
            first = self.errors[0]
            detail = f"{first['parameter']}: {first['detail']}"
            raise ProblemError(first["code"], detail, errors=self.errors)


class ParameterFilterSet(django_filters.FilterSet):
    """A filter set whose filters are ``ParameterFilter``s all.

    It has their ``values``, those that were given, without the form and the copies of all filters
    that django-filter makes for each request: half of what a list cost.
    """

    def __init__(self, data: QueryDict, values: Mapping[str, Any]) -> None:
        self.data = data
        self.values = values

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.values.items():
            queryset = self.base_filters[name].filter(queryset, value)
        return queryset


def read_filters(
    filterset_class: type[ParameterFilterSet], query: QueryDict, errors: ParameterErrors
) -> dict[str, Any]:
    """The values of the filters that the query names; what is wrong is added to ``errors``."""
    return {
        name: errors.read(name, each.field, query)
        for name, each in filterset_class.base_filters.items()
        if name in query
    }


def filtered(
    filterset_class: type[ParameterFilterSet],
    query: QueryDict,
    queryset: QuerySet[Any],
    errors: ParameterErrors,
) -> QuerySet[Any]:
    """The queryset after a filter set, with the filters' errors added to ``errors``."""
    before = len(errors.errors)
    values = read_filters(filterset_class, query, errors)
    if len(errors.errors) > before:
        return queryset
    found: QuerySet[Any] = filterset_class(query, values).filter_queryset(queryset)
    return found
