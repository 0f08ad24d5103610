"""The reader's language: the first that their browser asks for and a catalogue is here for, else English."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

# What programs read is English, whoever asks.
PROGRAMS = "/api/v1/"


class ReaderLanguage:
    """Middleware: whatever is written for a reader is in their language. Without a catalogue it stays out of the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if len(settings.LANGUAGES) < 2:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language, and say that the answer hangs on it. It ends with the answer, as the thread goes on."""
        if request.path.startswith(PROGRAMS):
            return self.get_response(request)
        with translation.override(language_of(request.headers.get("Accept-Language", ""))):
            response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def language_of(accepted: str) -> str:
    """The code of the best language for an `Accept-Language` (RFC 9110, 12.5.4), whatever was sent."""
    for code, _weight in parse_accept_lang_header(accepted.lower()):
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
