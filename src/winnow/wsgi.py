"""What a web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winnow.settings")
site = get_wsgi_application()

from winnow.api.quick import QuickClassify  # noqa: E402 - needs the settings

application = QuickClassify(site)
