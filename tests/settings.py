"""The settings of the product in a home of its own for each test process, untouched by the developer's environment."""

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
):
    os.environ.pop(name, None)
os.environ["WINNOW_HOME"] = tempfile.mkdtemp(prefix="winnow-test-home-")

from winnow.settings import *  # noqa: E402, F403 - the home must be set before the settings are read
