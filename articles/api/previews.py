from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request

from articles.api.serializers import ArticleSerializer
from articles.models import PublishedArticle
from articles.preview import find_preview, previewed
from cms.api.parameters import Parameter, Pattern
from cms.api.views import DetailView


class PreviewView(DetailView):
    """An article as it would be published.

    It shows one revision of an article, or always the latest, to whoever has the token, which the
    desk makes. A token that is cut, made up, revoked or too old is the same 404. Not to be stored
    or indexed. An article that never was public has no `id` yet: the one shown here is not kept.
    """

    is_kept = False  # it is for whoever has the token, and shows the desk's copy
    serializer_class = ArticleSerializer
    path_parameters: ClassVar[dict[str, Parameter]] = {
        "token": Pattern(
            "The token.",
            "[a-zA-Z0-9_:-]{1,400}",
            "a token that the desk made",
            "WzEyLDM0LG51bGxd:1vNaXy:5kQmUu4K1sYwYk0h2rZ3b9cXxv8n6m4l2k0j8h6g4f2",
        )
    }

    def get_object(self, slug: str, names: list[str]) -> PublishedArticle | None:
        now = timezone.now()
        preview = find_preview(slug, now=now)
        return previewed(preview, now=now) if preview else None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex"
        return answer
