"""What is asked for again and has not changed is answered with 304 and nothing else."""

from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware


class EtagMiddleware(ConditionalGetMiddleware):
    """An ETag, a hash of the answer, for what the API gives to read; pages and feeds see to their own.

    It saves what travels, not the work: only the whole answer tells that nothing in it has changed, votes included.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer with its ETag, or 304 (RFC 9110)."""
        if not request.path.startswith("/api/v1/") or response.status_code != HTTPStatus.OK:
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
