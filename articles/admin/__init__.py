"""The desk."""

from django.conf import settings
from django.contrib import admin

from articles.admin import articles, audit, taxonomy  # noqa: F401 -- they register themselves

admin.site.site_header = admin.site.site_title = settings.NEWSROOM_NAME
admin.site.index_title = "The desk"
admin.site.index_template = "cms/desk/index.html"
admin.site.site_url = None  # the newsroom's site is another program's
