from articles.admin import articles, taxonomy  # noqa: F401 -- they register themselves
