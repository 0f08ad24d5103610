"""Sites of papers."""

from winnow.core.sites.site import Facet, Site, site

PAPER = Facet.PAPER
# The subject class of an old number (`cs.CL/0501001`) is decoration; so is the version.
_ARXIV_ID = (
    r"(?:arxiv:)?(?P<archive>[a-z-]+(?=[./]))?(?:\.[a-z]{2})?(?P<id>\d{4}\.\d{4,5}|(?<=[a-z])/\d{7})(?:v\d+)?(?:\.pdf)?"
)
_ARXIV = "https://arxiv.org/abs/{archive}{id}"
_DOI_ID = r"(?P<id>10\.\d{4,9}/[^?]+?)"
_DOI = "https://doi.org/{id}"
_ACL_ID = r"(?P<id>[A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9_-]+-[a-z0-9_]+\.\d+)"
_ACL = "https://aclanthology.org/{id}"
_FORMS = r"(?:/(?:full|abstract|pdf|epdf|summary|fulltext\.html|fulltext|meta))?"
_ATYPON = (
    "dl.acm.org onlinelibrary.wiley.com *.onlinelibrary.wiley.com tandfonline.com science.org science.sciencemag.org pnas.org"
    " journals.sagepub.com pubs.acs.org royalsocietypublishing.org annualreviews.org pubsonline.informs.org"
    " worldscientific.com epubs.siam.org journals.uchicago.edu journals.physiology.org ascelibrary.org"
)


def _arxiv(hosts: str, pattern: str) -> Site:
    return site("arxiv", PAPER, hosts, pattern.replace("ID", _ARXIV_ID), "{archive}{id}", _ARXIV, folds="*")


def _doi(hosts: str, pattern: str, key: str = "{id}", address: str = _DOI) -> Site:
    return site("doi", PAPER, hosts, pattern.replace("DOI", _DOI_ID), key, address, folds="*")


def _acl(hosts: str, pattern: str) -> Site:
    return site("acl", PAPER, hosts, pattern.replace("ID", _ACL_ID), "{id}", _ACL, folds="*")


PAPERS: tuple[Site, ...] = (
    _arxiv(
        "arxiv.org *.arxiv.org xxx.lanl.gov arxiv.lanl.gov",
        r"/(?:abs|pdf|html|format|ps|src|e-print|tb)/ID",
    ),
    _arxiv("arxiv.org *.arxiv.org", r"/ftp/(?:arxiv|[a-z-]+)/papers/\d{4}/ID"),
    _arxiv("ar5iv.org ar5iv.labs.arxiv.org", r"/(?:abs|pdf|html)/ID"),
    _arxiv("alphaxiv.org", r"/(?:[a-z]{2}/)?(?:abs|pdf|html|overview|resources|audio|blog)/ID"),
    _arxiv("huggingface.co arxiv-vanity.com emergentmind.com", r"/papers/ID"),
    _arxiv("scirate.com semanticscholar.org papers.cool", r"/arxiv/ID"),
    _arxiv("api.semanticscholar.org", r"/ID"),
    _arxiv("doi.org", r"/(?:doi:)?10\.48550/arxiv\.ID"),
    _acl("doi.org", r"/(?:doi:)?10\.(?:18653|3115)/v1/ID"),
    _acl(
        "aclanthology.org aclweb.org aclanthology.info aclanthology.coli.uni-saarland.de",
        r"/(?:anthology(?:-new)?/)?(?:papers/)?(?:[A-Z]/[A-Z]\d+/)?ID(?:/[A-Z]\d{2}-\d{4})?(?:v\d+)?(?:\.pdf|\.bib|\.xml|\.endf)?",
    ),
    _doi("doi.org", r"/(?:doi:)?DOI"),
    _doi("hdl.handle.net", r"/DOI"),
    _doi(
        _ATYPON,
        rf"/doi/(?:abs/|pdf/|full/|fullhtml/|epdf/|epub/|pdfplus/|pdfdirect/|figure/|ref/|citedby/|reader/|book/|proceedings/|suppl/)?DOI{_FORMS}",
    ),
    _doi(
        "dl.acm.org",
        r"/citation\.cfm\?(?:.*&)?(?:doid|id)=(?P<id>\d+\.\d+)(?:&.*)?",
        "10.1145/{id}",
        "https://doi.org/10.1145/{id}",
    ),
    _doi(
        "link.springer.com rd.springer.com",
        r"/(?:article|chapter|book|referenceworkentry|protocol|content/pdf|content/epub|epdf|doi)/DOI"
        rf"(?:\.pdf|\.epub)?{_FORMS}",
    ),
    _doi("link.springer.com", rf"/DOI{_FORMS}"),
    _doi(
        "nature.com",
        r"/articles/(?P<id>[a-z]*[\w.-]*\d[\w-]*?)(?:\.pdf)?",
        "10.1038/{id}",
        "https://doi.org/10.1038/{id}",
    ),
    _doi("frontiersin.org", rf"/(?:journals/[\w-]+/)?articles?/DOI{_FORMS}"),
    _doi(
        "journals.plos.org",
        r"/\w+/article(?:/file|/authors|/metrics)?\?(?:.*&)?id=(?P<publisher>10\.\d{4,9})%2F(?P<id>[^&%]+)(?:&.*)?",
        "{publisher}/{id}",
        "https://doi.org/{publisher}/{id}",
    ),
    _doi("biorxiv.org medrxiv.org", r"/(?:cgi/)?content/(?P<id>10\.\d{4,9}/[\d.]*\d)(?:v\d+)?(?:\.[\w.+-]+)?"),
    _doi(
        "biorxiv.org medrxiv.org",
        r"/content/(?:biorxiv/|medrxiv/)?early/\d{4}/\d\d/\d\d/(?P<id>[\d.]*\d)(?:v\d+)?(?:\.[\w.+-]+)?",
        "10.1101/{id}",
        "https://doi.org/10.1101/{id}",
    ),
    _doi(
        "zenodo.org",
        r"/records?/(?P<id>\d+)",
        "10.5281/zenodo.{id}",
        "https://doi.org/10.5281/zenodo.{id}",
    ),
    site(
        "openreview",
        PAPER,
        "openreview.net *.openreview.net",
        r"/(?:forum|pdf|attachment|references/pdf|revisions|references|notes/edits/attachment)\?(?:.*&)?id=(?P<id>[\w-]+)(?:&.*)?",
        "{id}",
        "https://openreview.net/forum?id={id}",
    ),
    site(
        "ieee",
        PAPER,
        "ieeexplore.ieee.org",
        r"/(?:abstract/)?document/0*(?P<id>\d+)",
        "{id}",
        "https://ieeexplore.ieee.org/document/{id}",
    ),
    site(
        "ieee",
        PAPER,
        "ieeexplore.ieee.org",
        r"/(?:stamp|xpls?)/\w+\.jsp\?(?:.*&)?arnumber=0*(?P<id>\d+)(?:&.*)?",
        "{id}",
        "https://ieeexplore.ieee.org/document/{id}",
        folds="*",
    ),
    site(
        "ieee",
        PAPER,
        "ieeexplore.ieee.org",
        r"/i?el\d+/\d+/\d+/0*(?P<id>\d+)\.pdf",
        "{id}",
        "https://ieeexplore.ieee.org/document/{id}",
    ),
    site(
        "neurips",
        PAPER,
        "proceedings.neurips.cc papers.nips.cc papers.neurips.cc proceedings.nips.cc",
        r"/paper(?:_files/paper)?/(?P<year>\d{4})/(?:hash|file)/(?P<id>[0-9a-f]{32})-(?:Abstract|Paper|Bibtex|Metadata)[\w-]*\.\w+",
        "{id}",
        "https://proceedings.neurips.cc/paper/{year}/hash/{id}-Abstract.html",
    ),
    site(
        "neurips",
        PAPER,
        "papers.nips.cc papers.neurips.cc proceedings.neurips.cc",
        r"/paper/(?P<id>\d+)-(?P<slug>[\w-]+?)(?:\.pdf)?",
        "{id}",
        "https://papers.nips.cc/paper/{id}-{slug}",
    ),
    site(
        "pmlr",
        PAPER,
        "proceedings.mlr.press",
        r"/v(?P<volume>\d+)/(?P<id>[\w-]+)(?:/(?P=id)\.pdf|\.html)?",
        "v{volume}/{id}",
        "https://proceedings.mlr.press/v{volume}/{id}.html",
        folds="*",
    ),
    site(
        "jmlr",
        PAPER,
        "jmlr.org",
        r"/(?:papers/)v(?:olume)?(?P<volume>\d+)/(?P<id>[\w-]+)(?:/(?P=id)\.pdf|\.html|\.pdf)?",
        "v{volume}/{id}",
        "https://jmlr.org/papers/v{volume}/{id}.html",
        folds="*",
    ),
    site(
        "cvf",
        PAPER,
        "openaccess.thecvf.com",
        r"/(?P<place>content[\w/]*?)/(?:html|papers)/(?P<rest>(?:[\w-]+/)?)(?P<id>[^/?]+)_paper\.(?:html|pdf)",
        "{place}/{rest}{id}",
        "https://openaccess.thecvf.com/{place}/html/{rest}{id}_paper.html",
        folds="*",
    ),
    site(
        "pmc",
        PAPER,
        "ncbi.nlm.nih.gov pmc.ncbi.nlm.nih.gov europepmc.org",
        r"/(?:pmc/)?articles?/(?:pmc/)?(?P<id>pmc\d+)(?:/pdf(?:/[^?]*)?)?",
        "{id}",
        "https://pmc.ncbi.nlm.nih.gov/articles/{id}",
        folds="*",
    ),
    site(
        "pubmed",
        PAPER,
        "ncbi.nlm.nih.gov pubmed.ncbi.nlm.nih.gov",
        r"/(?:pubmed/)?(?P<id>\d+)",
        "{id}",
        "https://pubmed.ncbi.nlm.nih.gov/{id}",
    ),
    site(
        "semanticscholar",
        PAPER,
        "semanticscholar.org",
        r"/(?:paper|reader)/(?:[^/?]+/)?(?P<id>[0-9a-f]{40})",
        "{id}",
        "https://semanticscholar.org/paper/{id}",
    ),
    site(
        "ssrn",
        PAPER,
        "papers.ssrn.com ssrn.com",
        r"/(?:sol3/)?(?:papers|delivery)\.cfm(?:/[^?]*)?\?(?:.*&)?abstract_?id=(?P<id>\d+)(?:&.*)?",
        "{id}",
        "https://ssrn.com/abstract={id}",
        folds="*",
    ),
    site("ssrn", PAPER, "ssrn.com", r"/abstract=(?P<id>\d+)", "{id}", "https://ssrn.com/abstract={id}"),
    site(
        "paperswithcode",
        PAPER,
        "paperswithcode.com cs.paperswithcode.com",
        r"/paper/(?P<id>[\w-]+)(?:/review)?",
        "{id}",
        "https://paperswithcode.com/paper/{id}",
        folds="*",
    ),
    site(
        "rfc",
        PAPER,
        "rfc-editor.org",
        r"/(?:info|rfc)/rfc0*(?P<id>\d+)(?:\.(?:html|txt|pdf|xml))?",
        "{id}",
        "https://rfc-editor.org/rfc/rfc{id}",
    ),
    site(
        "rfc",
        PAPER,
        "datatracker.ietf.org tools.ietf.org",
        r"/(?:doc/)?(?:html/|pdf/)?rfc0*(?P<id>\d+)",
        "{id}",
        "https://rfc-editor.org/rfc/rfc{id}",
    ),
)
