"""What the role of the rates editor may do in the admin."""

from cms.roles import make_role

RATES_EDITOR = "rates editor"
PERMISSIONS = [
    *("rates.view_source", "rates.change_source", "rates.view_currency", "rates.change_currency"),
    *("rates.view_snapshot", "rates.add_snapshot", "rates.judge_snapshot"),
]


def make_roles(using: str) -> None:
    """Give the role its permissions, each once."""
    make_role(RATES_EDITOR, PERMISSIONS, using=using)
