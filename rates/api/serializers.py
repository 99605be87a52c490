from datetime import time
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.api.fields import MomentField, SparseSerializer
from rates.api import examples
from rates.models import Currency, Snapshot
from rates.models.source import Quotation

NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
DAY = {"type": "string", "format": "date"}


@extend_schema_field({"type": "string", "pattern": NUMBER})
class NumberField(serializers.Field[Any, Any, Any, Any]):
    """A decimal number as a string, in plain digits."""

    def to_representation(self, number: str | Decimal) -> str:
        return number if isinstance(number, str) else format(number, "f")


@extend_schema_field({"type": ["string", "null"], "pattern": NUMBER})
class NumberOrNullField(NumberField):
    """The same; null where it is not known."""


@extend_schema_field({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"})
class ClockField(serializers.Field[Any, Any, Any, Any]):
    """A local time, to the minute."""

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"


class ChangeSerializer(serializers.Serializer[Any]):
    """From the earlier rate to this one; all of it null where no earlier one is known."""

    absolute = NumberOrNullField()
    percent = NumberOrNullField()
    direction = serializers.ChoiceField(choices=["up", "down", "flat"], allow_null=True)
    since = serializers.DateField(allow_null=True)


class DisplaySerializer(serializers.Serializer[Any]):
    """As a ticker prints it."""

    rate = NumberField()
    percent = serializers.CharField(allow_null=True)
    text = serializers.CharField()


class LegSerializer(serializers.Serializer[Any]):
    """A quote as it was printed: `nominal` units of `base` for `value` of `quote`."""

    base = serializers.CharField()
    quote = serializers.CharField()
    value = NumberField()
    nominal = NumberField()
    source = serializers.CharField()  # type: ignore[assignment]  # not where the field reads from
    snapshot = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=1)
    effective_date = serializers.DateField()


class PointSerializer(serializers.Serializer[Any]):
    period = serializers.DateField()
    rate = NumberField()


class RateSerializer(SparseSerializer):
    """How much of `quote` one unit of `base` is worth."""

    example = examples.RATE
    heavy: ClassVar[tuple[str, ...]] = ("sparkline",)

    base = serializers.CharField()
    quote = serializers.CharField()
    rate = NumberField()
    change: serializers.BaseSerializer[Any] | None = ChangeSerializer()
    effective_date = serializers.DateField()
    published_at = MomentField(allow_null=True)
    fetched_at = MomentField()
    stale = serializers.BooleanField()
    next_expected_at = MomentField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # not where the field reads from
    method = serializers.ChoiceField(choices=["published", "inverse", "cross", "peg"])
    legs = LegSerializer(many=True)
    display: serializers.BaseSerializer[Any] | None = DisplaySerializer()
    sparkline: serializers.BaseSerializer[Any] | None = PointSerializer(many=True)


class ConversionSerializer(RateSerializer):
    """What `amount` of `base` comes to in `quote`."""

    example = examples.CONVERSION
    heavy: ClassVar[tuple[str, ...]] = ()

    # REST framework's way to leave fields out.
    change = None
    display = None
    sparkline = None

    amount = NumberField()
    result = NumberField()
    result_rounded = NumberOrNullField()


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_NUMBER = {"type": "string", "pattern": NUMBER}
_POINT = _object(period=DAY, rate=_NUMBER)
_OHLC_POINT = _object(
    period=DAY,
    open=_NUMBER,
    high=_NUMBER,
    low=_NUMBER,
    close=_NUMBER,
    points={"type": "integer", "minimum": 0},
)


@extend_schema_field({"type": "array", "items": {"anyOf": [_POINT, _OHLC_POINT]}})
class PointsField(serializers.ListField):
    """Points of a history, of one shape."""


class HistorySerializer(SparseSerializer):
    """The rates of a pair over time."""

    example = examples.HISTORY

    base = serializers.CharField()
    quote = serializers.CharField()
    results = PointsField()


class CurrencySerializer(SparseSerializer):
    """A currency of ISO 4217."""

    example = examples.CURRENCY
    columns: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("names",)}

    code = serializers.CharField()
    numeric_code = serializers.CharField()
    minor_units = serializers.IntegerField(min_value=0, allow_null=True)
    name = serializers.SerializerMethodField()
    is_on_ticker = serializers.BooleanField()

    def get_name(self, currency: Currency) -> str:
        """In the language asked for, else in English."""
        names: dict[str, str] = currency.names
        locale = self.context.get("locale") or "en"
        language = locale.partition("-")[0]
        return names.get(locale) or names.get(language) or names.get("en") or currency.code


class QuoteSerializer(serializers.Serializer[Any]):
    """A quote as it was printed, by the direction of the snapshot's `quotation`."""

    currency = serializers.CharField(source="currency_id")
    value = NumberField()
    nominal = NumberField()


class RevisionSerializer(serializers.Serializer[Snapshot]):
    """An accepted bulletin of the same source and effective date."""

    id = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=1)
    fetched_at = MomentField()
    is_current = serializers.BooleanField()
    sha256 = serializers.CharField()


class SnapshotCardSerializer(SparseSerializer):
    """A bulletin of a source, as it was published."""

    example = examples.SNAPSHOT_CARD
    heavy: ClassVar[tuple[str, ...]] = ("rates",)
    columns: ClassVar[dict[str, tuple[str, ...]]] = {
        "source": ("source__slug",),
        "home_currency": ("source__home_currency_id",),
        "quotation": ("source__quotation",),
        "is_entered_by_hand": ("entered_by_id",),
        "rates": (),
        "revisions": ("source_id", "effective_date"),
    }

    id = serializers.IntegerField(min_value=1)
    source = serializers.CharField(  # type: ignore[assignment]  # not where the field reads from
        source="source.slug"
    )
    home_currency = serializers.CharField(source="source.home_currency_id")
    quotation = serializers.ChoiceField(choices=Quotation.values, source="source.quotation")
    effective_date = serializers.DateField()
    published_at = MomentField(allow_null=True)
    fetched_at = MomentField()
    revision = serializers.IntegerField(min_value=1)
    is_current = serializers.BooleanField()
    is_carried_forward = serializers.BooleanField()
    is_entered_by_hand = serializers.SerializerMethodField()
    sha256 = serializers.CharField()
    parser_version = serializers.IntegerField(min_value=0)
    rates = QuoteSerializer(many=True)

    def get_is_entered_by_hand(self, snapshot: Snapshot) -> bool:
        return snapshot.entered_by_id is not None


class SnapshotSerializer(SnapshotCardSerializer):
    """A bulletin by itself, with all that were accepted for its date."""

    example = examples.SNAPSHOT
    heavy: ClassVar[tuple[str, ...]] = ()

    revisions = RevisionSerializer(many=True)


class SourceSerializer(SparseSerializer):
    """Who publishes rates, when, and whether that goes well."""

    example = examples.SOURCE

    slug = serializers.CharField()
    name = serializers.CharField()
    home_currency = serializers.CharField(source="home_currency_id")
    quotation = serializers.ChoiceField(choices=Quotation.values)
    is_market = serializers.BooleanField()
    url = serializers.CharField()
    attribution = serializers.CharField()
    redistributable = serializers.BooleanField()
    time_zone = serializers.CharField()
    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=7))
    publishes_at = ClockField()
    is_fetched = serializers.BooleanField(source="is_enabled")
    latest_effective_date = serializers.DateField(allow_null=True)
    last_attempt_at = MomentField(allow_null=True)
    last_success_at = MomentField(allow_null=True)
    stale = serializers.BooleanField(source="is_stale")
    stale_from = MomentField(allow_null=True)
    next_expected_at = MomentField(allow_null=True)
    missed_publications = serializers.SerializerMethodField()

    def get_missed_publications(self, source: Any) -> int:
        latest = source.latest_effective_date
        if latest is None:
            return 0
        return len(source.timetable.missed(latest, self.context["now"]))
