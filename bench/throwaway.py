"""A home that lasts as long as the benchmark that imports this, with Django set up in it; import it before rows.

`DATABASE_URL` is taken where the benchmark is run on another database, which then has to be empty. WINNOW_BENCH_KEPT names
a folder for a home that stays.
"""

import atexit
import os
import shutil
import tempfile

import django

_HOME = os.environ.get("WINNOW_BENCH_KEPT") or tempfile.mkdtemp(prefix="winnow-bench-")
if "WINNOW_BENCH_KEPT" not in os.environ:
    atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ |= {"WINNOW_HOME": _HOME, "DJANGO_SETTINGS_MODULE": "winnow.settings"}
django.setup()

from winnow.services.ready import ensure_ready  # noqa: E402 - needs the settings

__all__ = ["ensure_ready"]
