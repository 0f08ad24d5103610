"""The description of the API says all that a call may answer: its errors too, and the key by which it is sent twice."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from winnow.api.problems import PROBLEM

REF = {"$ref": "#/components/schemas/Problem"}
SCHEMA = {
    "title": "Problem",
    "description": "What went wrong, as in RFC 9457; `errors` names the fields, where it is about fields.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key gives the same answer.",
    "schema": {"type": "string", "maxLength": 200},
}
WORDS = {
    400: "The request cannot be read",
    401: "No token, or none that lives",
    403: "The token has another scope",
    404: "There is nothing of this name",
    408: "The body did not come in time",
    409: "It is in another state by now",
    411: "The body came without its length",
    413: "The body is too large",
    414: "The address is too long",
    415: "The body is no JSON",
    422: "Something in it cannot be used",
    429: "Too often; the header Retry-After says when to come back",
    431: "The headers are too large",
    503: "A part that this needs is away; nothing was stored",
}


class DescribedAPI(NinjaAPI):
    """NinjaAPI whose description holds the errors as well."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The description, with every problem that a call may answer."""
        schema = super().get_openapi_schema(**kwargs)
        schema["components"]["schemas"]["Problem"] = SCHEMA
        for path, methods in schema["paths"].items():
            for method, call in methods.items():
                _complete(path, method, call)
        return schema


def _complete(path: str, method: str, call: dict[str, Any]) -> None:
    for status in _statuses(path, call):
        call["responses"][status] = {"description": WORDS[status], "content": {PROBLEM: {"schema": REF}}}
    if method == "post" and call.get("security") and not path.endswith("/classify"):
        call["parameters"] = [*call.get("parameters", []), KEY]
    if path.endswith("/metrics"):
        call["responses"][200]["content"] = {"text/plain": {"schema": {"type": "string"}}}


def _statuses(path: str, call: dict[str, Any]) -> list[int]:
    """What may go wrong with a call, from what it takes; the door before the site refuses any."""
    found = {400, 414, 422, 429, 431, 503}
    if call.get("security"):
        found |= {401, 403}
    if "requestBody" in call:
        found |= {408, 411, 413, 415}
    if "{" in path:
        found |= {404}
        if "requestBody" in call:
            found |= {409}
    return sorted(found)
