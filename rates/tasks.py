"""The jobs of `make worker`: bulletins are fetched on each source's own timetable.

A source has one time of its next visit, in its row, moved on in the transaction that queues the
job. So there is no need of a queueing lock, whose clash would undo that transaction; and when a
source does not answer, or a job dies, the next visit comes without the queue's own retries, which
would add up. A job that runs twice does no harm.
"""

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from rates import visits

QUEUE = "rates"
# A connection that died while its thread was idle is noticed by the job that needs it next.
ONCE_MORE = RetryStrategy(
    max_attempts=3, wait=1, retry_exceptions={OperationalError, InterfaceError}
)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, retry=ONCE_MORE)
def plan_visits(timestamp: int) -> None:
    """Queue a job for each source that is due; every minute."""
    now = timezone.now()
    visits.reckon_all(now)
    with transaction.atomic():
        for slug, for_corrections in visits.claim_due(now):
            job = fetch_corrections if for_corrections else fetch_bulletins
            job.defer(slug=slug)


@app.task(queue=QUEUE, retry=ONCE_MORE, pass_context=True)
def fetch_bulletins(context: JobContext, slug: str) -> None:
    """Fetch what is out and missing of a source."""
    visits.visit_when_due(slug, goes_on=lambda: not context.should_abort())


@app.task(queue=QUEUE, retry=ONCE_MORE, pass_context=True)
def fetch_corrections(context: JobContext, slug: str) -> None:
    """Fetch the bulletins of a source's last seven days again; every night."""
    visits.visit_again(slug, goes_on=lambda: not context.should_abort())
