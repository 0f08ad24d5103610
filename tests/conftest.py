"""The cast, and what tests share."""

import os
import tempfile

# Tests have a home of their own; it must be set before the settings are read.
os.environ["WINNOW_HOME"] = tempfile.mkdtemp(prefix="winnow-test-home-")
