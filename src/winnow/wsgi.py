"""What a web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winnow.settings")
site = get_wsgi_application()

from winnow.api.quick import QuickClassify  # noqa: E402 - needs the settings
from winnow.services.running import stay  # noqa: E402 - the same
from winnow.unsafe import refuse_unsafe  # noqa: E402 - the same
from winnow.web.door import Door  # noqa: E402 - the same
from winnow.web.measured import Measured  # noqa: E402 - the same
from winnow.web.scheme import AsReached  # noqa: E402 - the same

# `winnow serve` has looked already; another server that loads this module has not.
refuse_unsafe()
stay()
application = Measured(Door(QuickClassify(AsReached(site))))
# The pages are imported when the first address is resolved, which its reader would wait for.
resolve("/")
# What is loaded by now stays: looking through it for garbage took a tenth of a second of somebody's search.
gc.collect()
gc.freeze()
