"""What is scheduled, by month and by day of the newsroom's clock."""

from __future__ import annotations

from calendar import Calendar as WeeksOf
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _

from articles.admin.forms import DeskAdmin
from articles.admin.people import asking
from articles.models import Article
from articles.visibility import visible_to
from articles.workflow import State
from cms.moments import day_of, midnight

# Of a day, as many as a cell of the month has room for; the day's own page has all.
IN_A_CELL = 5
ON_A_PAGE = 100


@dataclass
class Day:
    """A day of the month's page: how many are scheduled, and the first of them."""

    day: date
    is_of_month: bool
    is_today: bool
    page: str
    number: int = 0
    first: list[Article] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.number - len(self.first)


class Calendar(DeskAdmin):
    """For the admin of articles: `calendar/`, with `?month=2026-11` or `?day=2026-11-24`."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.calendar_view)
        return [path("calendar/", view, name="articles_article_calendar"), *super().get_urls()]

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        readable = visible_to(asking(request))
        today = localtime(timezone.now()).date()
        day = day_of(request.GET.get("day", ""))
        month = day_of(f"{request.GET.get('month', '')}-01")
        if day is None and month is None and {"day", "month"} & request.GET.keys():
            return HttpResponseRedirect(calendar_page())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "zone": str(get_default_timezone()),
            "today": today,
        }
        if day is not None:
            context.update(_day_context(day, readable, request.GET.get("page", "1")))
            return TemplateResponse(request, "articles/lists/day.html", context)
        context.update(_month_context(month or today.replace(day=1), today, readable))
        return TemplateResponse(request, "articles/lists/month.html", context)

    def day_page(self, moment: datetime) -> str:
        """The page of the day in which this moment is."""
        return calendar_page(day=localtime(moment).date())


def calendar_page(*, day: date | None = None, month: date | None = None) -> str:
    """The address of the calendar; of this month, if nothing else is asked for."""
    page = reverse("admin:articles_article_calendar")
    if day is not None:
        return f"{page}?day={day:%Y-%m-%d}"
    return f"{page}?month={month:%Y-%m}" if month is not None else page


def scheduled_between(first: date, last: date, readable: Q) -> QuerySet[Article]:
    """What is to be published from the first of these days to the last one, the soonest first, as
    far as it is ``readable``; also what the clock could not do. Days are the newsroom's: 23 or 25
    hours long twice a year."""
    return (
        Article.objects.filter(
            readable,
            state=State.SCHEDULED.value,
            publish_at__isnull=False,
            publish_at__gte=midnight(first),
            publish_at__lt=midnight(last + timedelta(days=1)),
        )
        .only("title", "publish_at", "language", "kind", "clock_error", "is_breaking", "state")
        .order_by("publish_at", "pk")
    )


def _month_context(month: date, today: date, readable: Q) -> dict[str, Any]:
    weeks = [
        [Day(day, day.month == month.month, day == today, calendar_page(day=day)) for day in week]
        for week in WeeksOf(firstweekday=0).monthdatescalendar(month.year, month.month)
    ]
    days = {each.day: each for week in weeks for each in week}
    for article in _first_of_each(scheduled_between(min(days), max(days), readable)):
        cell = days[article.local_day]
        cell.number = article.of_day
        cell.first.append(article)
    before, after = month - timedelta(days=1), month + timedelta(days=31)
    return {
        "title": _("Scheduled in {month} {year}").format(
            month=MONTHS[month.month], year=month.year
        ),
        "weeks": weeks,
        "weekdays": [(WEEKDAYS_ABBR[number], WEEKDAYS[number]) for number in range(7)],
        "number": sum(each.number for each in days.values() if each.is_of_month),
        "before": calendar_page(month=before),
        "after": calendar_page(month=after),
        "this": calendar_page(),
    }


def _first_of_each(found: QuerySet[Article]) -> Iterable[Any]:
    """The first ones of each day, with how many there are that day: one statement."""
    day = TruncDate("publish_at", tzinfo=get_default_timezone())
    return found.annotate(
        local_day=day,
        place=Window(RowNumber(), partition_by=[day], order_by=["publish_at", "pk"]),
        of_day=Window(Count("pk"), partition_by=[day]),
    ).filter(place__lte=IN_A_CELL)


def _day_context(day: date, readable: Q, number: str) -> dict[str, Any]:
    found = scheduled_between(day, day, readable).annotate(writer=F("created_by__username"))
    page = Paginator(found, ON_A_PAGE).get_page(number)
    hours: dict[str, list[Article]] = {}
    for article in page.object_list:
        hours.setdefault(f"{localtime(article.publish_at):%H:00}", []).append(article)
    return {
        "title": f"{WEEKDAYS[day.weekday()]} {day:%Y-%m-%d}",
        "day": day,
        "hours": hours.items(),
        "page": page,
        "before": calendar_page(day=day - timedelta(days=1)),
        "after": calendar_page(day=day + timedelta(days=1)),
        "month": calendar_page(month=day),
    }
