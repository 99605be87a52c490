from django.urls import include, path

from cms.api import entry
from cms.changes.sync.views import SyncView

urlpatterns = [
    path("newsroom", entry.NewsroomView.as_view(), name="newsroom"),
    path("openapi.json", entry.OpenAPIView.as_view(), name="openapi"),
    path("sync", SyncView.as_view(), name="sync"),
    path("", include("articles.api.urls")),
    path("", include("rates.api.urls")),
]
