"""What a web server loads; the model is warm by the time that the first call needs it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winnow.settings")
application = get_wsgi_application()

from winnow.services.ready import warm  # noqa: E402 - its rows can be imported once Django is set up

warm()
