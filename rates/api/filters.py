"""The filter sets: which parameters a list takes, and what each of them means."""

from cms.api.parameters import (
    DateParameter,
    ParameterFilter,
    ParameterFilterSet,
    SlugsParameter,
)


class NoFilterSet(ParameterFilterSet):
    """Of lists that are short enough to be read as a whole."""


class SnapshotFilterSet(ParameterFilterSet):
    source = ParameterFilter(SlugsParameter("Of any of these sources."), "source__slug", "in")
    effective_after = ParameterFilter(
        DateParameter("Effective on this day or later."), "effective_date", "gte"
    )
    effective_before = ParameterFilter(
        DateParameter("Effective before this day."), "effective_date", "lt"
    )
