"""The article's form: what it holds, and on which version it is based."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.admin.forms import ArticleForm
from articles.admin.moments import MomentField
from articles.models import Article


class SavedArticleForm(ArticleForm):
    """Which says on what version it is based, so that it never saves over a colleague's work."""

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    breaking_until = MomentField(
        required=False,
        label="Breaking until",
        help_text="Newsroom time. It takes effect with the next publication.",
    )
    expires_at = MomentField(
        required=False,
        label="Expires",
        help_text="Newsroom time. From then on readers no longer have it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].initial = self.instance.save_number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("breaking_until", "expires_at"):
            if name in cleaned:
                field: Any = self.fields[name]
                cleaned[name] = field.kept(self.initial.get(name), cleaned[name])
        if not self.instance._state.adding:
            stored = Article.objects.filter(pk=self.instance.pk).first()
            if stored is None:
                raise ValidationError("Somebody has deleted this article. Copy what you changed.")
            if cleaned.get("based_on") is None:
                raise ValidationError(
                    "The form does not say which version you changed. Copy what you changed, open"
                    " the article again, and change it there."
                )
            if stored.save_number != cleaned["based_on"]:
                raise ValidationError(
                    "Somebody saved this article since you opened it. Copy what you changed, open"
                    " it again, and change it there."
                )
        return cleaned
