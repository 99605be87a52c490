from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles.outlets import views


class PartConverter(StringConverter):
    regex = "[1-9][0-9]{0,8}"


register_converter(PartConverter, "part")

urlpatterns = [
    path("feeds/rss.xml", views.RssView.as_view(), name="rss"),
    path("feeds/atom.xml", views.AtomView.as_view(), name="atom"),
    path("feeds/feed.json", views.JsonFeedView.as_view(), name="json-feed"),
    path("feeds/ninjs.json", views.NinjsFeedView.as_view(), name="ninjs-feed"),
    path("sitemap.xml", views.SitemapIndexView.as_view(), name="sitemap"),
    path("sitemap-<part:part>.xml", views.SitemapPartView.as_view(), name="sitemap-part"),
    path("news-sitemap.xml", views.NewsSitemapView.as_view(), name="news-sitemap"),
]
