"""The settings of the product in a home of its own for each test process, untouched by the developer's environment.

WINNOW_TEST_DATABASE_URL names the server that tests make their databases on; without it they use SQLite.
"""

import os
import tempfile

for name in (
    "DATABASE_URL",
    "WINNOW_TAXONOMY",
    "WINNOW_EGRESS_ALLOW",
    "WINNOW_BASE_URL",
    "WINNOW_ALLOWED_HOSTS",
    "WINNOW_GITHUB_TOKEN",
    "WINNOW_REDDIT_CLIENT_ID",
    "WINNOW_REDDIT_CLIENT_SECRET",
    "WINNOW_X_TOKEN",
    "WINNOW_MAIL_HOST",
    "WINNOW_MAIL_FOLDER",
    "WINNOW_LOCALE",
):
    os.environ.pop(name, None)
os.environ["WINNOW_HOME"] = tempfile.mkdtemp(prefix="winnow-test-home-")
if url := os.environ.get("WINNOW_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url

from winnow.settings import *  # noqa: E402, F403 - the home must be set before the settings are read

# What tests start gets its own database, or that of its own home; never this one by accident.
os.environ.pop("DATABASE_URL", None)
# The product's own hash is slow on purpose (`tests/test_settings.py` sees to it); most tests are about other things.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
