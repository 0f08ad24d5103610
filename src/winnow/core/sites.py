"""The table of sites whose addresses name a work. A new site is a new line here and in its test."""

import re
from dataclasses import dataclass
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Match:
    """The typed key of a work and its one address."""

    key: str
    address: str


@dataclass(frozen=True, slots=True)
class Site:
    """Addresses on `hosts` whose path and query match `pattern` are the work `kind:key`, at `address`.

    `key` and `address` are format strings over the named groups of the pattern.
    """

    kind: str
    hosts: str
    pattern: re.Pattern[str]
    key: str
    address: str
    is_case_sensitive: bool = True

    def match(self, host: str, path: str, query: str) -> Match | None:
        """The work behind the address, or None; path and query come in their canonical form."""
        if host not in self.hosts.split():
            return None
        found = self.pattern.fullmatch(unquote(path) + (f"?{query}" if query else ""))
        if found is None:
            return None
        groups = {name: value or "" for name, value in found.groupdict().items()}
        if not self.is_case_sensitive:
            groups = {name: value.lower() for name, value in groups.items()}
        return Match(f"{self.kind}:{self.key.format(**groups)}", self.address.format(**groups))


def _site(kind: str, hosts: str, pattern: str, key: str, address: str, *, is_case_sensitive: bool = True) -> Site:
    flags = 0 if is_case_sensitive else re.IGNORECASE
    return Site(kind, hosts, re.compile(pattern, flags), key, address, is_case_sensitive)


# The subject class of an old number (`cs.CL/0501001`) is decoration.
_ARXIV_ID = r"(?P<archive>[a-z-]+(?=[./]))?(?:\.[a-z]{2})?(?P<id>\d{4}\.\d{4,5}|(?<=[a-z])/\d{7})(?:v\d+)?"
_ARXIV = "https://arxiv.org/abs/{archive}{id}"
_REPOSITORY = r"/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?"
# The front page of a repository and its README are the repository; subfolders, issues and releases are not.
_FRONT = r"(?:/(?:(?:tree|blob)/(?:main|master|HEAD)(?:/readme(?:\.\w+)?)?))?(?:\?.*)?"
_VIDEO = r"(?P<id>[\w-]{11})"
_WATCH = "https://youtube.com/watch?v={id}"
# Pages of GitHub itself that look like owner/name.
_NOT_OWNERS = (
    r"(?!/(?:topics|collections|trending|features|marketplace|orgs|sponsors|settings|search|about|users|apps)(?:/|$))"
)

SITES: tuple[Site, ...] = (
    _site(
        "arxiv",
        "arxiv.org export.arxiv.org browse.arxiv.org ar5iv.org ar5iv.labs.arxiv.org alphaxiv.org",
        rf"/(?:abs|pdf|html|format|ps|src|overview)/{_ARXIV_ID}(?:\.pdf)?(?:\?.*)?",
        "{archive}{id}",
        _ARXIV,
        is_case_sensitive=False,
    ),
    _site(
        "arxiv",
        "huggingface.co hf.co",
        rf"/papers/{_ARXIV_ID}(?:\?.*)?",
        "{archive}{id}",
        _ARXIV,
        is_case_sensitive=False,
    ),
    _site(
        "arxiv",
        "doi.org dx.doi.org",
        rf"/10\.48550/arxiv\.{_ARXIV_ID}",
        "{archive}{id}",
        _ARXIV,
        is_case_sensitive=False,
    ),
    _site(
        "acl",
        "doi.org dx.doi.org",
        r"/10\.18653/v1/(?P<id>[a-z0-9][\w.-]*[a-z0-9])",
        "{id}",
        "https://aclanthology.org/{id}",
        is_case_sensitive=False,
    ),
    _site(
        "doi", "doi.org dx.doi.org", r"/(?P<id>10\.\d{4,9}/.+)", "{id}", "https://doi.org/{id}", is_case_sensitive=False
    ),
    _site(
        "doi",
        "dl.acm.org",
        r"/doi/(?:abs/|pdf/|full/|fullHtml/|epdf/)?(?P<id>10\.\d{4,9}/[^?]+)(?:\?.*)?",
        "{id}",
        "https://doi.org/{id}",
        is_case_sensitive=False,
    ),
    _site(
        "doi",
        "link.springer.com",
        r"/(?:article|chapter|book|content/pdf)/(?P<id>10\.\d{4,9}/[^?]+?)(?:\.pdf)?(?:\?.*)?",
        "{id}",
        "https://doi.org/{id}",
        is_case_sensitive=False,
    ),
    _site(
        "openreview",
        "openreview.net",
        r"/(?:forum|pdf|attachment|references/pdf)\?(?:.*&)?id=(?P<id>[\w-]+)(?:&.*)?",
        "{id}",
        "https://openreview.net/forum?id={id}",
    ),
    _site(
        "acl",
        "aclanthology.org aclweb.org aclanthology.info",
        r"/(?:anthology/)?(?:papers/(?:[A-Z]/[A-Z]\d+/)?)?(?P<id>[A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9-]+-[a-z0-9]+\.\d+)(?:v\d+)?(?:\.pdf|\.bib)?",
        "{id}",
        "https://aclanthology.org/{id}",
        is_case_sensitive=False,
    ),
    _site(
        "github",
        "github.com",
        rf"{_NOT_OWNERS}{_REPOSITORY}{_FRONT}",
        "{owner}/{name}",
        "https://github.com/{owner}/{name}",
        is_case_sensitive=False,
    ),
    _site(
        "gitlab",
        "gitlab.com",
        r"/(?P<path>[\w.-]+(?:/[\w.-]+)+?)(?:\.git)?(?:/-/(?:tree|blob)/(?:main|master|HEAD)(?:/readme(?:\.\w+)?)?)?(?:\?.*)?",
        "{path}",
        "https://gitlab.com/{path}",
        is_case_sensitive=False,
    ),
    _site(
        "huggingface",
        "huggingface.co hf.co",
        r"/(?P<kind>datasets|spaces)/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)(?:/(?:tree|blob)/main(?:/README\.md)?)?(?:\?.*)?",
        "{kind}/{owner}/{name}",
        "https://huggingface.co/{kind}/{owner}/{name}",
        is_case_sensitive=False,
    ),
    _site(
        "huggingface",
        "huggingface.co hf.co",
        r"/(?!(?:datasets|spaces|papers|models|docs|blog|learn|collections|organizations|settings|join|login|posts|tasks)/)"
        r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)(?:/(?:tree|blob)/main(?:/README\.md)?)?(?:\?.*)?",
        "{owner}/{name}",
        "https://huggingface.co/{owner}/{name}",
        is_case_sensitive=False,
    ),
    _site("youtube", "youtu.be", rf"/{_VIDEO}(?:\?.*)?", "{id}", _WATCH),
    _site(
        "youtube",
        "youtube.com m.youtube.com music.youtube.com youtube-nocookie.com",
        rf"/watch\?(?:.*&)?v={_VIDEO}(?:&.*)?",
        "{id}",
        _WATCH,
    ),
    _site(
        "youtube",
        "youtube.com m.youtube.com youtube-nocookie.com",
        rf"/(?:embed|shorts|live|v)/{_VIDEO}(?:\?.*)?",
        "{id}",
        _WATCH,
    ),
)
