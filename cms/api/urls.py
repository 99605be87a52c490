from django.urls import include, path

from cms.api import entry

urlpatterns = [
    path("newsroom", entry.NewsroomView.as_view(), name="newsroom"),
    path("openapi.json", entry.OpenAPIView.as_view(), name="openapi"),
    path("", include("articles.api.urls")),
    path("", include("rates.api.urls")),
]
