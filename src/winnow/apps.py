"""The one Django app."""

from django.apps import AppConfig


class WinnowConfig(AppConfig):
    """Rows, reads, services and doors of Winnow."""

    name = "winnow"
    verbose_name = "Winnow"

    def ready(self) -> None:
        """Register the checks of an installation."""
        from winnow import checks  # noqa: F401, PLC0415 - registering needs the app registry to be there
