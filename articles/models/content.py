from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles import body
from articles.models.image import Image
from cms import languages

IS_A_LANGUAGE = RegexValidator(f"^{languages.PATTERN}$", _("Use a BCP 47 tag such as en or ru."))


class Kind(models.TextChoices):
    NEWS = "news", _("News")
    ANALYSIS = "analysis", _("Analysis")
    OPINION = "opinion", _("Opinion")
    INTERVIEW = "interview", _("Interview")
    SPONSORED = "sponsored", _("Sponsored")
    PAGE = "page", pgettext_lazy("kind of an article", "Page")


class ArticleContent(models.Model):
    """The scalar fields that the desk's copy and the public copy share, named as in the API.

    ``corrections`` is a list of ``{"at": RFC 3339 in UTC, "note": text}``. ``expires_at`` and
    ``breaking_until`` are instants; they take effect with the publication that carries them.
    """

    title = models.TextField()
    kicker = models.TextField(blank=True, default="")
    summary = models.TextField(blank=True, default="")
    body_html = models.TextField(
        blank=True, default="", validators=[MaxLengthValidator(body.MAX_LENGTH)]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NEWS)
    language = models.CharField(_("language"), max_length=35, validators=[IS_A_LANGUAGE])
    is_breaking = models.BooleanField(default=False)
    breaking_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    canonical_url = models.URLField(max_length=2000, blank=True, default="")
    seo_title = models.TextField(blank=True, default="")
    seo_description = models.TextField(blank=True, default="")
    corrections = models.JSONField(blank=True, default=list)
    lead_image = models.ForeignKey(
        Image, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    translation_group = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


CONTENT_FIELDS = tuple(field.name for field in ArticleContent._meta.local_fields)
