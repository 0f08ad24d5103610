"""The one Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WinnowConfig(AppConfig):
    """Rows, reads, services and doors of Winnow."""

    name = "winnow"
    verbose_name = "Winnow"

    def ready(self) -> None:
        """Register the checks of an installation, and have the database guarded and its search index made after every migration."""
        from winnow import checks  # noqa: F401, PLC0415 - registering needs the app registry to be there
        from winnow.models import guards, search_index  # noqa: PLC0415 - the same

        post_migrate.connect(guards.after_migrations, sender=self)
        post_migrate.connect(search_index.after_migrations, sender=self)
