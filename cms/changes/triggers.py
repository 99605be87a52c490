"""The triggers that write the change log, declared in each public model's Meta.

``triggers = log_changes("taxonomy", "tag")`` makes every insert, update, delete and truncate of
the table a row of ``Change``, whoever does it: the admin, a bulk update, a cascade, psql. The
functions that they call are plain PL/pgSQL, made by this app's first migration; a model's own
migration depends on that one by hand, since pgtrigger adds no such dependency.
"""

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db import models

WHEN_CHANGED = pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*")


class FunctionTrigger(pgtrigger.Trigger):
    """A trigger that executes an existing function, with arguments.

    pgtrigger would write a function for each trigger, with an ignore check that raises inside a
    subtransaction: too slow for bulk changes (docs/architecture.md tells the figures).
    """

    func = "RETURN NULL;"  # pgtrigger insists on a body for the function that is never called

    def __init__(self, *, function: str, arguments: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.function = function
        self.arguments = arguments
        super().__init__(**kwargs)

    def render_execute(self, model: type[models.Model]) -> str:
        arguments = ", ".join(f"'{argument}'" for argument in self.arguments)
        return f"{self.function}({arguments})"


def log_changes(topic: str, type_name: str, *, keep: Sequence[str] = ()) -> list[FunctionTrigger]:
    """The five triggers of a public table with the columns ``id``, ``version`` and, but for
    images, ``slug``. ``topic`` is a value of ``Topic``; ``type_name`` is how sync names the row.

    The values of the columns ``keep``, before and after, stay with the change: in which lists the
    row stood, for those who have to tell them.
    """
    arguments = (topic, type_name, ",".join(keep)) if keep else (topic, type_name)
    return [
        FunctionTrigger(
            name="version_insert",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            function="changes_set_version",
        ),
        FunctionTrigger(
            name="version_update",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=WHEN_CHANGED,
            function="changes_set_version",
        ),
        FunctionTrigger(
            name="log_write",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Delete,
            function="changes_log",
            arguments=arguments,
        ),
        FunctionTrigger(
            name="log_update",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=WHEN_CHANGED,
            function="changes_log",
            arguments=arguments,
        ),
        FunctionTrigger(
            name="log_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Truncate,
            function="changes_log",
            arguments=arguments,
        ),
    ]
