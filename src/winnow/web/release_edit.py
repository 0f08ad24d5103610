"""Change a document of a release in the browser: write, look at it, save; and what became of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from winnow.core.documents.difference import difference
from winnow.core.errors import ConflictError, InputError, UnavailableError
from winnow.models import Account
from winnow.services.release_edit import MAX_TEXT, Opened, check_draft, open_document, save_document, tidy
from winnow.services.release_history import history_of, text_of
from winnow.services.release_page import document_html
from winnow.web.access import requires
from winnow.web.pictures import written

CONFLICT = gettext_lazy("Somebody was faster: the document has been changed since you opened it. Nothing was saved.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("write_documents")
def edit(request: HttpRequest, account: Account, name: str, document: str) -> HttpResponse:
    """The text in a field; an older version of it where one is named; what was sent, looked at or saved."""
    opened = _opened(name, document)
    if request.method != "POST":
        return _page(request, name, opened, _asked(request, opened))
    if request.POST.get("do") == "preview":
        return _preview(request, name, opened)
    return _save(request, account, name, opened)


@never_cache
@require_safe
@requires("write_documents")
def history(request: HttpRequest, account: Account, name: str, document: str) -> HttpResponse:  # noqa: ARG001 - the guard's
    """Who changed a document, when and why, newest first, with every version to open again."""
    opened = _opened(name, document)
    shown = {"name": name, "opened": opened, "history": history_of(opened.path, now=opened.text)}
    return render(request, "release_history.html", shown)


def _opened(name: str, document: str) -> Opened:
    return open_document(name, document, project=settings.PROJECT, templates=settings.RELEASE_TEMPLATES)


def _asked(request: HttpRequest, opened: Opened) -> str:
    of = request.GET.get("of", "")
    if of.isascii() and of.isdigit() and len(of) < 19:
        return text_of(opened.path, int(of), is_before="before" in request.GET)
    return opened.text


def _sent(request: HttpRequest) -> tuple[str, str, str]:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return text, request.POST.get("comment", ""), request.POST.get("began", "")


def _preview(request: HttpRequest, name: str, opened: Opened) -> HttpResponse:
    text, comment, began = _sent(request)
    kept: dict[str, Any] = {"comment": comment, "began": began}
    try:
        tidied = tidy(text)
    except InputError as error:
        return _page(request, name, opened, text, status=422, fault=f"{error}.", **kept)
    checked = check_draft(name, opened, tidied, project=settings.PROJECT, templates=settings.RELEASE_TEMPLATES)
    (draft,) = [one for one in checked.documents if one.path == opened.file]
    kept["faults"] = [one for one in checked.faults if one.path.endswith(f"/{opened.path}")]
    return _page(request, name, opened, text, preview=written(document_html(draft, checked, deeper=2)), **kept)


def _save(request: HttpRequest, account: Account, name: str, opened: Opened) -> HttpResponse:
    text, comment, began = _sent(request)
    try:
        save_document(
            name,
            opened.stem,
            project=settings.PROJECT,
            templates=settings.RELEASE_TEMPLATES,
            account=account,
            text=text,
            began=began,
            comment=comment,
        )
    except ConflictError:
        opened = _opened(name, opened.stem)
        clash = {"fault": CONFLICT, "pieces": difference(opened.text, text)}
        return _page(request, name, opened, text, status=409, comment=comment, theirs=opened.text, **clash)
    except (InputError, UnavailableError) as error:
        status = 422 if isinstance(error, InputError) else 503
        return _page(request, name, opened, text, status=status, fault=f"{error}.", comment=comment, began=began)
    messages.success(request, _("Saved. Signatures under the text before do not hold for this one."))
    return redirect(f"/releases/{name}")


def _page(
    request: HttpRequest, name: str, opened: Opened, text: str, *, status: int = 200, **more: object
) -> HttpResponse:
    """The form with what was typed; `began` is what it was typed over, which is the text as it stands unless told."""
    shown = {"name": name, "opened": opened, "text": text, "began": opened.sha256, "max_text": MAX_TEXT, **more}
    return render(request, "release_edit.html", shown, status=status)
