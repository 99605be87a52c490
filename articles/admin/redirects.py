from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.forms import DeskAdmin, Line
from articles.models import Redirect


class RedirectForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        widgets = {"path": Line(), "target": Line()}
        help_texts = {
            "path": _("A path on the site at which no page stands, such as /2019/05/old-address."),
            "target": _(
                "A path on the site, such as /en/about. Former addresses of articles, and what was"
                " merged or imported, redirect by themselves."
            ),
        }


@admin.register(Redirect)
class RedirectAdmin(DeskAdmin):
    form = RedirectForm
    fields = ["path", "target"]
    list_display = ["path", "target"]
    search_fields = ["path", "target"]
