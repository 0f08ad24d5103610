"""The names of the settings that hold what services know an installation by. Never in the database."""

GITHUB_TOKEN = "WINNOW_GITHUB_TOKEN"  # noqa: S105 -- the name of a setting
REDDIT_CLIENT_ID = "WINNOW_REDDIT_CLIENT_ID"
REDDIT_CLIENT_SECRET = "WINNOW_REDDIT_CLIENT_SECRET"  # noqa: S105 -- the name of a setting
X_TOKEN = "WINNOW_X_TOKEN"  # noqa: S105 -- the name of a setting
