"""The whole site on one page."""

from django.urls import URLPattern, URLResolver, path

from winnow.api.app import api
from winnow.api.docs import docs
from winnow.web import (
    account,
    agreement,
    assets,
    datasets,
    edit,
    for_you,
    items,
    lists,
    marks,
    models,
    practice,
    recall,
    report,
    review,
    sign_in,
    sources,
    submit,
    tags,
    withheld,
    yours,
)
from winnow.web.feeds import FORMS
from winnow.web.phrases import MARKS

urlpatterns: list[URLPattern | URLResolver] = [
    path("", items.front),
    path("recent", lists.recent),
    path("popular", lists.popular),
    path("search", lists.search),
    *[
        path(f"{of}.{form}", lists.feed, {"of": of, "form": form})
        for of in ("recent", "popular", "search")
        for form in FORMS
    ],
    *[path(f"popular/<str:window>.{form}", lists.feed, {"of": "popular", "form": form}) for form in FORMS],
    path("popular/<str:window>", lists.popular),
    path("i/<int:pk>", items.item),
    path("i/<int:pk>/report", report.report),
    *[path(f"i/<int:pk>/{kind}", marks.mark, {"kind": kind}) for kind in MARKS],
    path("i/<int:pk>/appeal", yours.appeal_against),
    path("i/<int:pk>/edit", edit.edit),
    path("i/<int:pk>/withdraw", yours.take_back),
    path("i/<int:pk>/put-back", yours.bring_back),
    path("i/<int:pk>/take-down", yours.take_down),
    path("yours", yours.yours),
    path("yours/name", yours.name),
    path("saved", marks.saved),
    path("for-you", for_you.for_you),
    *[path(f"for-you/{to}", for_you.switch, {"to": to}) for to in for_you.SAID],
    path("reader/seen", marks.seen),
    *[path(f"reader/told/{what}", marks.told, {"what": what}) for what in ("welcome", "news")],
    path("i/<int:pk>/picture.png", items.picture),
    path("i/<int:pk>/<str:slug>", items.item),
    path("tags", tags.tags),
    *[path(f"t/<str:slug>.{form}", lists.feed, {"of": "tag", "form": form}) for form in FORMS],
    path("t/<str:slug>/follow", marks.follow),
    path("t/<str:slug>", lists.tag),
    path("t/<str:slug>/recall", recall.look_for),
    path("withheld", withheld.withheld),
    *[path(f"withheld.{form}", withheld.feed, {"form": form}) for form in FORMS],
    path("withheld/<int:pk>/restore", withheld.restore),
    path("sources", sources.sources),
    path("sources/<str:name>", sources.source),
    path("sources/<str:name>/decide", sources.decide),
    path("sources/<str:name>/switch", sources.switch),
    path("datasets", datasets.datasets),
    path("datasets/export/<str:what>/<str:form>", datasets.export),
    path("datasets/<str:version>.jsonl", datasets.download),
    path("datasets/<str:version>", datasets.dataset),
    path("models", models.models),
    path("models/<str:ref>", models.model),
    path("submit", submit.submit),
    path("submit/check", submit.check),
    path("submit/looked-up", submit.looked_up),
    path("review", review.review),
    path("review/practice", practice.practice),
    path("review/agreement", agreement.figures),
    path("review/<int:pk>/label", review.label),
    path("review/<int:pk>/skip", review.skip),
    path("review/<int:pk>/keep", review.keep),
    path("review/undo/<int:pk>", review.undo),
    path("sign-in", sign_in.sign_in),
    path("sign-in/<str:code>", sign_in.link),
    path("reset/<str:code>", sign_in.reset),
    path("account", account.account),
    path("account/password", account.password),
    path("account/tokens", account.add_token),
    path("account/tokens/<int:pk>/revoke", account.end_token),
    path("account/delete", account.delete),
    path("sign-out", sign_in.sign_out),
    path("api/docs", docs),
    path("api/v1/", api.urls),
    path("tags.css", assets.tags_css),
    path("favicon.svg", assets.favicon),
    path("robots.txt", assets.robots),
]

handler400 = "winnow.web.errors.bad_request"
handler403 = "winnow.web.errors.forbidden"
handler404 = "winnow.web.errors.not_found"
handler500 = "winnow.web.errors.server_error"
