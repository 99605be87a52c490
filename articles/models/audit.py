from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.audit_words import VERBS
from cms.changes.triggers import FunctionTrigger

if TYPE_CHECKING:
    from articles.models.article import Article


class Origin(NamedTuple):
    """From where something was done: an address (RFC 4291 or IPv4) and a user agent, where the
    caller knows them."""

    address: str = ""
    agent: str = ""


NOWHERE = Origin()
_LONGEST_AGENT = 500


def audit_words() -> Func:
    """The words of an entry: its subject, its login and its address. An index holds it; migration
    0011 makes the function."""
    return Func(
        *(F(name) for name in ("subject", "by_name", "address")),
        function="articles_audit_words",
        output_field=SearchVectorField(),
    )


class AuditEntryManager(models.Manager["AuditEntry"]):
    def record(
        self,
        verb: str,
        articles: Iterable[Article],
        *,
        by: AbstractBaseUser | None,
        at: datetime,
        origin: Origin = NOWHERE,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down, in the caller's transaction, that ``by`` did this to each of the articles.

        ``details`` are JSON; times in them RFC 3339.
        """
        self.bulk_create(
            [
                self.entry(
                    verb,
                    by=by,
                    at=at,
                    origin=origin,
                    details=details,
                    article=article.pk,
                    subject=article.title,
                )
                for article in articles
            ],
            batch_size=1000,
        )

    def entry(
        self,
        verb: str,
        *,
        by: AbstractBaseUser | None,
        at: datetime,
        origin: Origin = NOWHERE,
        details: Mapping[str, Any] | None = None,
        article: int | None = None,
        subject: str = "",
    ) -> AuditEntry:
        """An entry that is not stored yet; of an article, or of what ``subject`` names."""
        return AuditEntry(
            at=at,
            by_key=by.pk if by else None,
            by_name=by.get_username() if by else "",
            verb=verb,
            article_key=article,
            subject=subject,
            details=dict(details or {}),
            address=origin.address,
            agent=origin.agent[:_LONGEST_AGENT],
        )


class AuditEntry(models.Model):
    """Who did what to which article, when, and from where; written by the verbs, for good.

    Names and keys are copied, since an entry outlives its login and its article. Triggers refuse
    to change or remove one. ``by_name`` is empty for the system.
    """

    at = models.DateTimeField(_("at this time"))
    by_key = models.BigIntegerField(_("key of the login"), null=True)
    by_name = models.TextField(_("who"), blank=True, default="")
    verb = models.CharField(_("verb"), max_length=40)
    article_key = models.BigIntegerField(_("number of the article"), null=True)
    subject = models.TextField(_("what"), blank=True, default="")
    details = models.JSONField(_("details"), default=dict)
    address = models.TextField(_("address"), blank=True, default="")
    agent = models.TextField(_("browser"), blank=True, default="")

    objects = AuditEntryManager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["-at", "-id"], name="articles_audit_newest"),
            # What was done to one article.
            models.Index(fields=["article_key", "-at"], name="articles_audit_article"),
            # What somebody did, and how often something was done.
            models.Index(fields=["by_name", "-at", "-id"], name="articles_audit_who"),
            models.Index(fields=["verb", "-at", "-id"], name="articles_audit_verb"),
            GinIndex(audit_words(), name="articles_audit_words"),
        ]
        triggers = [
            FunctionTrigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                function="articles_keep_audit",
            ),
            FunctionTrigger(
                name="keep_all",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                function="articles_keep_audit",
            ),
        ]

    def __str__(self) -> str:
        who = self.by_name or gettext("the system")
        return f"{localtime(self.at):%Y-%m-%d %H:%M} {who}: {VERBS.get(self.verb, self.verb)}"
