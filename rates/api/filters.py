"""The filter sets: which parameters a list takes, and what each of them means."""

import django_filters

from cms.api.parameters import DateParameter, ParameterFilter, SlugsParameter


class NoFilterSet(django_filters.FilterSet):
    """Of lists that are short enough to be read as a whole."""


class SnapshotFilterSet(django_filters.FilterSet):
    source = ParameterFilter(SlugsParameter("Of any of these sources."), "source__slug", "in")
    effective_after = ParameterFilter(
        DateParameter("Effective on this day or later."), "effective_date", "gte"
    )
    effective_before = ParameterFilter(
        DateParameter("Effective before this day."), "effective_date", "lt"
    )
