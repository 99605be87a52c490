import os
import sys
import tempfile
from typing import Any

from django.conf import settings

from cms.commands import ExplainedCommand

THREADS = 8  # a process; each holds one connection to PostgreSQL
STATEMENT_TIMEOUT = "15"  # seconds; no reader waits longer for the database


class Command(ExplainedCommand):
    help = """Serves the API and the admin by granian, in the foreground, until Ctrl-C or SIGTERM.

HOST, PORT and WEB_WORKERS in the environment say where and by how many processes
(docs/settings.md). SIGHUP starts new processes with the code and the settings' files as they are
now, and ends the old ones after what is under way: no request is lost.

Examples:
  manage.py serve
  PORT=9000 WEB_WORKERS=4 manage.py serve"""

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"Dastan is on http://{settings.HOST}:{settings.PORT} (documentation: /api/docs,"
            " admin: /admin/). Ctrl-C stops it."
        )
        self.stdout.flush()
        os.environ.setdefault("STATEMENT_TIMEOUT", STATEMENT_TIMEOUT)
        if settings.METRICS_TOKEN:
            # New with each start: numbers of processes that are gone would be added up for ever.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="dastan-metrics-")
        arguments = {
            "--interface": "wsgi",
            "--host": settings.HOST,
            "--port": str(settings.PORT),
            "--workers": str(settings.WEB_WORKERS),
            "--blocking-threads": str(THREADS),
            "--blocking-threads-idle-timeout": "600",
            "--workers-kill-timeout": "10",
            "--log-level": "error",
        }
        flat = [part for pair in arguments.items() for part in pair]
        os.chdir(settings.BASE_DIR)
        os.execv(  # noqa: S606 -- the server takes this process's place, and its signals
            sys.executable,
            [sys.executable, "-m", "granian", *flat, "--no-ws", "cms.wsgi:application"],
        )
