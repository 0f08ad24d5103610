"""The API explained on a page of our own: no script from elsewhere draws it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winnow.api.app import api


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    scope: bool
    parameters: list[dict[str, Any]]
    body: str


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every call with its parameters, in the order of the description."""
    return render(request, "api_docs.html", {"calls": calls(), "version": api.version})


def calls() -> list[Call]:
    """The calls of the OpenAPI description."""
    paths: dict[str, dict[str, Any]] = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return [_call(method, path, call) for path, methods in paths.items() for method, call in methods.items()]


def _call(method: str, path: str, call: dict[str, Any]) -> Call:
    reference = (
        call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    )
    return Call(
        method=method.upper(),
        path=path,
        summary=call.get("summary", ""),
        description=call.get("description", ""),
        scope=bool(call.get("security")),
        parameters=call.get("parameters", []),
        body=_shape(reference.rsplit("/", 1)[-1]),
    )


def _shape(name: str) -> str:
    """The fields of a body in one line, a question mark after those that may be left out."""
    if not name:
        return ""
    schema = api.get_openapi_schema()["components"]["schemas"][name]
    required = schema.get("required", [])
    return (
        "{" + ", ".join(f'"{field}"{"" if field in required else "?"}' for field in schema.get("properties", {})) + "}"
    )
