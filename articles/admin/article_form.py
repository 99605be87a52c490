"""The article's form: what it holds, and on which version it is based."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.admin.forms import ArticleForm
from articles.admin.moments import MomentField
from articles.admin.pickers import PickedField, Picker
from articles.models import Article, Byline
from articles.revisions import Relations

_MOMENTS = ("breaking_until", "expires_at")


class SavedArticleForm(ArticleForm):
    """Which says on what version it is based, so that it never saves over a colleague's work."""

    keeps_byline = False  # for who may not change it

    based_on = forms.IntegerField(required=False, label=_("Based on"), widget=forms.HiddenInput)
    byline = PickedField("author", label=_("Byline"))
    regions = PickedField("region", label=_("Regions"))
    tags = PickedField("tag", label=_("Tags"))
    breaking_until = MomentField(
        required=False,
        label=_("Breaking until"),
        help_text=_("Newsroom time. It takes effect with the next publication."),
    )
    expires_at = MomentField(
        required=False,
        label=_("Expires"),
        help_text=_("Newsroom time. From then on readers no longer have it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].initial = self.instance.save_number
        if (lead := self.fields.get("lead_image")) is not None:
            lead.widget = Picker("image", single=True)
        self.fields["byline"].disabled = self.keeps_byline
        if self.instance.pk is not None:
            through = Byline.objects.filter(article=self.instance)
            names = {"byline": (through, "author_id", "position")}
            for name, model in (("regions", "region_id"), ("tags", "tag_id")):
                rows: Any = getattr(type(self.instance), name).through._default_manager
                names[name] = (rows.filter(article=self.instance), model, "pk")
            for name, (found, column, order) in names.items():
                self.initial[name] = list(
                    found.order_by(order, "pk").values_list(column, flat=True)
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_the_unfounded(cleaned)
        for name in _MOMENTS:
            if name in cleaned:
                field: Any = self.fields[name]
                cleaned[name] = field.kept(self.initial.get(name), cleaned[name])
        if "_look" in self.data:
            raise ValidationError(
                _("This is both changes in one, not saved yet. Read it over, then save."),
                code="look",
            )
        return cleaned

    def _refuse_the_unfounded(self, cleaned: dict[str, Any]) -> None:
        """A save has to say on which version it is based; whether that is still the stored one,
        the save itself finds out."""
        if self.instance._state.adding:
            return
        if not Article.objects.filter(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has deleted this article. Copy what you changed."))
        if cleaned.get("based_on") is None:
            raise ValidationError(
                _(
                    "The form does not say which version you changed. Copy what you changed, open"
                    " the article again, and change it there."
                )
            )

    def relations(
        self, *, pinned: list[int] | None = None, excluded: list[int] | None = None
    ) -> Relations:
        """The keys of what was picked, each in its order, and of the related articles: those that
        are stored, where None."""
        picked = self.cleaned_data
        return Relations(
            [each.pk for each in picked["regions"]],
            [each.pk for each in picked["tags"]],
            [each.pk for each in picked["byline"]],
            pinned,
            excluded,
        )
