"""Sites of code, models, data sets and demonstrations."""

from winnow.core.sites.site import Facet, Site, site

CODE = Facet.CODE
_OWNED = r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)*"
_MAIN = r"(?:refs/heads/)?(?:main|master|head)"
_README = r"readme(?:\.(?:md|mdx|rst|txt|markdown|org|adoc|rdoc|mkd|html?))?"
# The front page of a repository and its README are the repository; subfolders, issues and releases are not.
_FRONT = rf"(?:/(?:tree|blob|raw)/{_MAIN}(?:/{_README})?)?"
_BRANCH_FILE = r"(?:refs/heads/)?(?P<ref>(?!refs/)[^/?]+)/(?P<path>[^?]+)"
# The default branch has many names and one meaning; GitHub itself answers to HEAD.
_MAIN_FILE = rf"{_MAIN}/(?P<path>[^?]+)"
# Pages of GitHub itself that look like owner/name.
_NOT_OWNERS = (
    r"(?!/(?:topics|collections|trending|features|marketplace|orgs|sponsors|settings|search|about|users|apps|login|join"
    r"|explore|pricing|enterprise|readme|customer-stories|security|team|issues|pulls|notifications|codespaces|stars"
    r"|new|site|contact|events|blog|resources|solutions|organizations|dashboard|watching|account|gist)(?:/|$|\?))"
)
_NOT_MODELS = (
    r"(?!/(?:datasets|spaces|papers|models|docs|blog|learn|collections|organizations|settings|join|login|posts|tasks"
    r"|new|chat|pricing|enterprise|inference|api|search|support|terms-of-service|changelog|metrics)/)"
)
_HF_MAIN = r"(?:/(?:tree|blob|raw|resolve)/main(?:/README\.md)?)?"


def _repository(hosts: str, pattern: str) -> Site:
    return site(
        "github", CODE, hosts, pattern, "{owner}/{name}", "https://github.com/{owner}/{name}", folds="owner name"
    )


def _file(hosts: str, pattern: str, ref: str = "{ref}") -> Site:
    key = f"{{owner}}/{{name}}/{ref}/{{path}}"
    address = f"https://github.com/{{owner}}/{{name}}/blob/{ref}/{{path}}"
    return site("github-file", CODE, hosts, pattern, key, address, folds="owner name")


def _gist(hosts: str, pattern: str) -> Site:
    return site("gist", CODE, hosts, pattern, "{id}", "https://gist.github.com/{id}", folds="id")


def _kaggle(facet: Facet, folder: str, pattern: str, key: str) -> Site:
    return site(
        "kaggle", facet, "kaggle.com", pattern, f"{folder}/{key}", f"https://kaggle.com/{folder}/{key}", folds="*"
    )


REPOSITORIES: tuple[Site, ...] = (
    _repository("github.com github1s.com github.dev", rf"{_NOT_OWNERS}/{_OWNED}{_FRONT}"),
    _repository("raw.githubusercontent.com", rf"/{_OWNED}/{_MAIN}/{_README}"),
    _repository("api.github.com", rf"/repos/{_OWNED}"),
    _repository("colab.research.google.com nbviewer.org", rf"/github/{_OWNED}(?:/(?:tree|blob)/{_MAIN})?"),
)
_FILES = (
    ("github.com github1s.com github.dev", rf"{_NOT_OWNERS}/{_OWNED}/(?:blob|raw)/"),
    ("raw.githubusercontent.com", rf"/{_OWNED}/"),
    ("colab.research.google.com nbviewer.org githubtocolab.com", rf"/github/{_OWNED}/(?:blob|tree)/"),
    ("githubtocolab.com", rf"/{_OWNED}/blob/"),
)
FILES: tuple[Site, ...] = (
    *(_file(hosts, path + _MAIN_FILE, "HEAD") for hosts, path in _FILES),
    *(_file(hosts, path + _BRANCH_FILE) for hosts, path in _FILES),
)
OTHERS: tuple[Site, ...] = (
    _gist("gist.github.com", r"/(?:[\w-]+/)?(?P<id>[0-9a-f]{20,40}|\d{5,8})(?:\.git)?"),
    _gist("gist.githubusercontent.com", r"/[\w-]+/(?P<id>[0-9a-f]{20,40}|\d{5,8})/raw"),
    _gist(
        "nbviewer.org colab.research.google.com",
        r"/gist/(?:[\w-]+/)?(?P<id>[0-9a-f]{20,40}|\d{5,8})(?:/[^/?]+\.ipynb)?",
    ),
    # What lies within a repository is a thing of its own, whatever the case of its owner's letters.
    site(
        "github-page",
        CODE,
        "github.com",
        rf"{_NOT_OWNERS}/{_OWNED}/(?P<path>(?:tree|commit|releases/tag|wiki|issues/\d|pull/\d|discussions/\d)[^?]*)",
        "{owner}/{name}/{path}",
        "https://github.com/{owner}/{name}/{path}",
        folds="owner name",
    ),
    site(
        "gitlab",
        CODE,
        "gitlab.com",
        rf"/(?!explore/|users/|groups/|help/|dashboard/)(?P<path>[\w.-]+(?:/(?!-/)[\w.-]+?)+?)(?:\.git)*(?:/(?:-/)?(?:tree|blob|raw)/{_MAIN}(?:/{_README})?)?",
        "{path}",
        "https://gitlab.com/{path}",
        folds="*",
    ),
    site(
        "bitbucket",
        CODE,
        "bitbucket.org",
        rf"/{_OWNED}(?:/src(?:/{_MAIN})?)?",
        "{owner}/{name}",
        "https://bitbucket.org/{owner}/{name}",
        folds="*",
    ),
    site(
        "codeberg",
        CODE,
        "codeberg.org",
        rf"/{_OWNED}(?:/src/branch/{_MAIN}(?:/{_README})?)?",
        "{owner}/{name}",
        "https://codeberg.org/{owner}/{name}",
        folds="*",
    ),
    site(
        "colab",
        Facet.DEMO,
        "colab.research.google.com",
        r"/drive/(?P<id>[\w-]{20,})",
        "{id}",
        "https://colab.research.google.com/drive/{id}",
    ),
    site(
        "pypi",
        CODE,
        "pypi.org pypi.python.org",
        r"/(?:project|pypi|simple)/(?P<name>[\w.-]+)",
        "{name}",
        "https://pypi.org/project/{name}",
        folds="*",
    ),
    site(
        "npm",
        CODE,
        "npmjs.com npmjs.org",
        r"/package/(?P<name>(?:@[\w.-]+/)?[\w.-]+)",
        "{name}",
        "https://npmjs.com/package/{name}",
    ),
    site(
        "huggingface",
        Facet.DATASET,
        "huggingface.co",
        rf"/datasets/(?P<name>[\w.-]+(?:/(?!tree/|blob/|viewer/|raw/|resolve/|discussions)[\w.-]+)?){_HF_MAIN}",
        "datasets/{name}",
        "https://huggingface.co/datasets/{name}",
        folds="*",
    ),
    site(
        "huggingface",
        Facet.DEMO,
        "huggingface.co",
        rf"/spaces/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+){_HF_MAIN}",
        "spaces/{owner}/{name}",
        "https://huggingface.co/spaces/{owner}/{name}",
        folds="*",
    ),
    site(
        "huggingface",
        Facet.MODEL,
        "huggingface.co",
        rf"{_NOT_MODELS}/(?P<owner>[\w.-]+)/(?!tree/|blob/|discussions/)(?P<name>[\w.-]+){_HF_MAIN}",
        "{owner}/{name}",
        "https://huggingface.co/{owner}/{name}",
        folds="*",
    ),
    _kaggle(Facet.DATASET, "datasets", r"/datasets/(?P<owner>[\w-]+)/(?P<name>[\w-]+)(?:/data)?", "{owner}/{name}"),
    _kaggle(
        CODE, "code", r"/(?:code/|kernels/)(?P<owner>[\w-]+)/(?P<name>[\w-]+)(?:/notebook|/script)?", "{owner}/{name}"
    ),
    _kaggle(
        CODE,
        "code",
        r"/(?P<owner>(?!datasets/|models/|competitions/|code/)[\w-]+)/(?P<name>[\w-]+)/(?:notebook|script)",
        "{owner}/{name}",
    ),
    _kaggle(
        Facet.PAGE,
        "competitions",
        r"/(?:competitions|c)/(?P<name>[\w-]+)(?:/overview(?:/(?:description|abstract))?)?",
        "{name}",
    ),
    _kaggle(Facet.MODEL, "models", r"/models/(?P<owner>[\w-]+)/(?P<name>[\w-]+)", "{owner}/{name}"),
)
CODES: tuple[Site, ...] = (*REPOSITORIES, *FILES, *OTHERS)
