"""``manage.py`` in a process of its own, on the database of this one.

For tests that commit: another process sees nothing else.
"""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection


def start_command(
    *arguments: str, output: int = subprocess.PIPE, **environment: str
) -> "subprocess.Popen[bytes]":
    """Start ``manage.py`` with these arguments; ``output`` takes both of its streams."""
    return start_python("manage.py", *arguments, output=output, **environment)


def start_python(
    *arguments: str, output: int = subprocess.PIPE, **environment: str
) -> "subprocess.Popen[bytes]":
    """Start Python with these arguments, in the project's folder, and with its settings and those
    of ``environment``."""
    database = connection.settings_dict
    host, name = database["HOST"] or database["OPTIONS"].get("host", ""), database["NAME"]
    port = str(database["PORT"] or 5432)
    login = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    where = f"/{host}/{name}" if host.startswith("/") else f"{host}:{port}/{name}"
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "cms.settings",
            "DATABASE_URL": f"postgres://{login}@{where}",
            "PGPORT": port,  # a socket's address has none
            "SECRET_KEY": "k3-" + "0123456789abcdefghij" * 3,
            "ALLOWED_HOSTS": "localhost",
            "PUBLIC_URL": "http://localhost",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )
