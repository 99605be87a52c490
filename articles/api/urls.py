from django.urls import path

from articles.api import (
    article_list,
    collections,
    discovery,
    previews,
    redirects,
    views,
)
from articles.outlets.views import ArticleJsonLdView, ArticleNinjsView

urlpatterns = [
    path("articles", article_list.ArticleListView.as_view(), name="articles"),
    path("articles/<slug:slug>", views.ArticleDetailView.as_view(), name="article"),
    path("articles/<slug:slug>/ninjs", ArticleNinjsView.as_view(), name="article-ninjs"),
    path("articles/<slug:slug>/json-ld", ArticleJsonLdView.as_view(), name="article-json-ld"),
    path("previews/<str:token>", previews.PreviewView.as_view(), name="preview"),
    path("collections/<slug:slug>", collections.CollectionView.as_view(), name="collection"),
    path("redirects", redirects.RedirectView.as_view(), name="redirects"),
    path("articles/<slug:slug>/related", discovery.RelatedListView.as_view(), name="related"),
    path("search/suggestions", discovery.SuggestionListView.as_view(), name="suggestions"),
    path("regions", views.RegionListView.as_view(), name="regions"),
    path("regions/<slug:slug>", views.RegionDetailView.as_view(), name="region"),
    path("tags", views.TagListView.as_view(), name="tags"),
    path("tags/<slug:slug>", views.TagDetailView.as_view(), name="tag"),
    path("authors", views.AuthorListView.as_view(), name="authors"),
    path("authors/<slug:slug>", views.AuthorDetailView.as_view(), name="author"),
]
