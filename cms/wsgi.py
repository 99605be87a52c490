"""What granian serves. It does not start on settings that the system checks refuse."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
application = get_wsgi_application()

from cms.checks import refuse_broken_settings  # noqa: E402 -- apps are ready only now

refuse_broken_settings(sys.stderr)
