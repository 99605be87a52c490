"""What moves an article: one function a verb.

The admin, the clock, the importers and the API all call these. Each checks by ``articles.workflow``
whether ``by`` may do it (None is the system), runs in one transaction, locks the articles it
changes in the order of their ids, writes its entry of the audit, and leaves the numbering of the
change to the commit (cms/changes). ``link_translations`` alone asks nobody and writes no entry: it
is for importers.
"""

from articles.publishing.afterwards import correct, restore_revision
from articles.publishing.allowed import may
from articles.publishing.publication import link_translations, publish, publish_many
from articles.publishing.steps import approve, cancel_schedule, embargo, schedule, send_back, submit
from articles.publishing.times import NotPublishableError, ScheduleError
from articles.publishing.withdrawal import delete_for_good, kill, trash, unpublish, untrash

__all__ = [
    "NotPublishableError",
    "ScheduleError",
    "approve",
    "cancel_schedule",
    "correct",
    "delete_for_good",
    "embargo",
    "kill",
    "link_translations",
    "may",
    "publish",
    "publish_many",
    "restore_revision",
    "schedule",
    "send_back",
    "submit",
    "trash",
    "unpublish",
    "untrash",
]
