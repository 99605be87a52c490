"""The triggers that keep how many articles each list has (articles/models/tally.py)."""

import pgtrigger

from cms.changes.triggers import FunctionTrigger


def keep_tallies(function: str) -> list[FunctionTrigger]:
    """The triggers of a table whose rows are counted: after each statement, with its rows."""
    operations = {
        "insert": (pgtrigger.Insert, pgtrigger.Referencing(new="new_rows")),
        "delete": (pgtrigger.Delete, pgtrigger.Referencing(old="old_rows")),
        "update": (pgtrigger.Update, pgtrigger.Referencing(old="old_rows", new="new_rows")),
        "truncate": (pgtrigger.Truncate, None),
    }
    return [
        FunctionTrigger(
            name=f"tally_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            function=function,
        )
        for name, (operation, referencing) in operations.items()
    ]
