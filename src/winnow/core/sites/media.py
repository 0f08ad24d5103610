"""Sites of talks, posts, discussions and encyclopedias."""

from winnow.core.sites.site import Facet, Site, site

TALK, DISCUSSION, ARTICLE = Facet.TALK, Facet.DISCUSSION, Facet.ARTICLE
_VIDEO = r"(?P<id>(?!videoseries\b)[\w-]{4,})"
_WATCH = "https://youtube.com/watch?v={id}"
_TUBES = "youtube.com music.youtube.com gaming.youtube.com youtube-nocookie.com yewtu.be inv.nadeko.net"
_STATUS = "https://x.com/i/status/{id}"
_XS = "x.com nitter.net *.nitter.net nitter.it nitter.cz nitter.poast.org xcancel.com fxtwitter.com vxtwitter.com fixupx.com fixvx.com"
# Publications that Medium serves under names of their own.
_MEDIUM = (
    "medium.com *.medium.com towardsdatascience.com betterprogramming.pub levelup.gitconnected.com pub.towardsai.net"
    " ai.plainenglish.io python.plainenglish.io javascript.plainenglish.io plainenglish.io blog.devgenius.io"
    " netflixtechblog.com betterhumans.pub uxdesign.cc itnext.io hackernoon.com becominghuman.ai chatbotslife.com"
    " blog.tensorflow.org machinelearningmastery.medium.com heartbeat.comet.ml heartbeat.fritz.ai chatbotsmagazine.com"
    " blog.insightdatascience.com codeburst.io medium.datadriveninvestor.com datadriveninvestor.com"
    " engineering.atspotify.com eng.lyft.com tech.instacart.com medium.freecodecamp.org blog.goodaudience.com"
    " artificialintelligence.oodles.io proandroiddev.com infosecwriteups.com generativeai.pub aws.plainenglish.io"
)
_STACKS = "stackoverflow.com *.stackexchange.com stackexchange.com serverfault.com superuser.com askubuntu.com mathoverflow.net"


def _video(hosts: str, pattern: str) -> Site:
    return site("youtube", TALK, hosts, pattern.replace("ID", _VIDEO), "{id}", _WATCH)


def _reddit(pattern: str, key: str, address: str) -> Site:
    return site("reddit", DISCUSSION, "reddit.com redd.it", pattern, key, address, folds="*")


_THREAD = r"/(?:(?:r|u|user)/[\w-]+/)?comments/(?P<id>[a-z0-9]{4,10})"

MEDIA: tuple[Site, ...] = (
    _video("youtu.be", r"/ID"),
    _video(_TUBES, r"/watch\?(?:.*&)?v=ID(?:&.*)?"),
    _video(_TUBES, r"/(?:embed|shorts|live|v|e|watch)/ID"),
    site(
        "youtube-list",
        TALK,
        "youtube.com music.youtube.com",
        r"/playlist\?(?:.*&)?list=(?P<id>[\w-]+)(?:&.*)?",
        "{id}",
        "https://youtube.com/playlist?list={id}",
    ),
    site(
        "vimeo",
        TALK,
        "vimeo.com player.vimeo.com",
        r"/(?:video/|channels/[\w-]+/)?(?P<id>\d{5,})",
        "{id}",
        "https://vimeo.com/{id}",
    ),
    _reddit(
        rf"{_THREAD}/(?:[^/?]+|comment)/(?P<reply>[a-z0-9]{{5,10}})(?:/?\.(?:json|rss|compact))?",
        "{id}/{reply}",
        "https://reddit.com/comments/{id}/comment/{reply}",
    ),
    _reddit(rf"{_THREAD}(?:/[^/?]+)?(?:/?\.(?:json|rss|compact))?", "{id}", "https://reddit.com/comments/{id}"),
    site(
        "reddit",
        DISCUSSION,
        "redd.it",
        r"/(?P<id>[a-z0-9]{4,10})",
        "{id}",
        "https://reddit.com/comments/{id}",
        folds="*",
    ),
    site(
        "reddit",
        DISCUSSION,
        "reddit.com",
        r"/(?:gallery|tb)/(?P<id>[a-z0-9]{4,10})",
        "{id}",
        "https://reddit.com/comments/{id}",
        folds="*",
    ),
    site(
        "reddit-place",
        DISCUSSION,
        "reddit.com",
        r"/r/(?P<name>[\w-]+)$",
        "{name}",
        "https://reddit.com/r/{name}",
        folds="*",
    ),
    site(
        "x",
        DISCUSSION,
        _XS,
        r"/(?:\w+|i/web|i)/status(?:es)?/(?P<id>\d+)(?:/(?:photo|video|analytics|likes|retweets)(?:/\d+)?)?",
        "{id}",
        _STATUS,
        folds="*",
    ),
    site(
        "x-account",
        DISCUSSION,
        _XS,
        r"/(?!(?:home|search|explore|i|hashtag|login|intent|share|settings|about|tos|privacy)(?![\w]))(?P<name>\w{1,15})",
        "{name}",
        "https://x.com/{name}",
        folds="*",
    ),
    site(
        "hn",
        DISCUSSION,
        "news.ycombinator.com",
        r"/item\?(?:.*&)?id=(?P<id>\d+)(?:&.*)?",
        "{id}",
        "https://news.ycombinator.com/item?id={id}",
    ),
    site(
        "lobsters", DISCUSSION, "lobste.rs", r"/s/(?P<id>[a-z0-9]{6})(?:/[^/?]+)?", "{id}", "https://lobste.rs/s/{id}"
    ),
    site(
        "stack",
        DISCUSSION,
        _STACKS,
        r"/(?:questions|q)/(?P<id>\d+)(?:/[^/?]*)?",
        "{host}/{id}",
        "https://{host}/questions/{id}",
    ),
    site(
        "linkedin",
        DISCUSSION,
        "linkedin.com *.linkedin.com",
        r"/(?:feed/update/urn:li:activity:|posts/[^?]*activity-)(?P<id>\d{15,})[^/?]*",
        "{id}",
        "https://linkedin.com/feed/update/urn:li:activity:{id}",
    ),
    site(
        "lesswrong",
        ARTICLE,
        "lesswrong.com alignmentforum.org greaterwrong.com",
        r"/posts/(?P<id>\w{17})(?:/[^/?]*)?",
        "{id}",
        "https://lesswrong.com/posts/{id}",
    ),
    site(
        "medium",
        ARTICLE,
        _MEDIUM,
        r"/(?:[^?]*[-/])?(?P<id>[0-9a-f]{11,12}|(?<=-)[0-9a-f]{10}|(?<=/p/)[0-9a-f]{10})",
        "{id}",
        "https://medium.com/p/{id}",
    ),
    site(
        "substack",
        ARTICLE,
        "*.substack.com",
        r"/p/(?P<slug>[\w-]+)",
        "{sub}/{slug}",
        "https://{sub}.substack.com/p/{slug}",
        folds="sub",
    ),
    site(
        "substack",
        ARTICLE,
        "open.substack.com",
        r"/pub/(?P<name>[\w-]+)/p/(?P<slug>[\w-]+)",
        "{name}/{slug}",
        "https://{name}.substack.com/p/{slug}",
        folds="name",
    ),
    site(
        "researchgate",
        Facet.PAPER,
        "researchgate.net",
        r"/publication/(?P<id>\d+)(?:_[^/?]*)?",
        "{id}",
        "https://researchgate.net/publication/{id}",
    ),
)
