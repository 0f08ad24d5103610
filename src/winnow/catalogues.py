"""Which languages the site speaks besides English: the catalogues that somebody put into a folder."""

import io
import struct
from gettext import GNUTranslations
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import to_language


def languages(folder: Path) -> dict[str, Path]:
    """The catalogues below a folder, by the code of their language; each is opened, so that a broken one is told now."""
    found = {}
    for path in sorted(folder.glob("*/LC_MESSAGES/django.mo")):
        try:
            GNUTranslations(io.BytesIO(path.read_bytes()))
        except (OSError, ValueError, struct.error) as error:
            raise ImproperlyConfigured(f"{path}: {error}; compile it anew with msgfmt") from error
        found[to_language(path.parts[-3])] = path
    return found
