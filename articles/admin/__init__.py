"""The desk."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy

from articles.admin import (  # noqa: F401 -- they register themselves
    articles,
    audit,
    collections,
    redirects,
    taxonomy,
)

admin.site.site_header = admin.site.site_title = settings.NEWSROOM_NAME
admin.site.index_title = gettext_lazy("The desk")
admin.site.site_url = None  # the newsroom's site is another program's
