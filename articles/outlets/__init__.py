"""How published articles leave by other ways than the API: feeds, sitemaps, ninjs, JSON-LD.

Each format is a pure function of entries (``entries.py``), which are made of public rows alone.
"""
