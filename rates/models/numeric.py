from typing import Any

from django.core import checks
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class NumericField(models.DecimalField):  # type: ignore[type-arg]  # generic in the stubs only
    """A number as it was printed: PostgreSQL's ``numeric`` without a precision keeps every digit,
    and the zeros at the end. Django's own field would round to its decimal places."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "numeric"

    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "numeric"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        # fields.E130 and E132 ask for the decimal places and digits that this field has not.
        asked = {"fields.E130", "fields.E132"}
        return [each for each in super().check(**kwargs) if each.id not in asked]
