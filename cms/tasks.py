"""Jobs that keep the queue itself in order."""

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

from cms.changes import pruning
from cms.webhooks import delivery

KEPT_HOURS = 72


@app.periodic(cron="*/2 * * * *")
@app.task(pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again what a worker had begun that no longer lives: it sends no heartbeat."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        if job.id != context.job.id:
            await jobs.retry_job(job)


@app.periodic(cron="47 3 * * *")
@app.task()
def prune_old_changes(timestamp: int) -> None:
    """Forget changes, and what webhooks were told of them, that nobody needs any more."""
    now = timezone.now()
    pruning.prune(now=now, days=settings.CHANGES_KEPT_DAYS)
    delivery.forget_old(now=now, days=settings.CHANGES_KEPT_DAYS)


@app.periodic(cron="17 4 * * *")
@app.task(pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget jobs that failed some days ago; those that succeeded are gone at once."""
    await builtin_tasks.remove_old_jobs(
        context,
        max_hours=KEPT_HOURS,
        remove_failed=True,
        remove_cancelled=True,
        remove_aborted=True,
    )
