import io
from xml.sax import handler, make_parser

from winnow.sources import expat


class Recorder(handler.ContentHandler):
    def __init__(self):
        super().__init__()
        self.pieces = []

    def characters(self, content):
        self.pieces.append(content)


def test_neighbouring_text_is_handed_over_together():
    recorder = Recorder()
    parser = make_parser([expat.__name__])
    parser.setContentHandler(recorder)
    parser.parse(io.BytesIO(b"<a>one &lt;b&gt;\ntwo &amp; three</a>"))
    assert recorder.pieces == ["one <b>\ntwo & three"]
