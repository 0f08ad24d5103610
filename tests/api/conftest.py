"""A client that speaks JSON with a token."""

import json

import pytest

from winnow.services.invite import issue_token


class Api:
    """Calls below /api/v1 as a program makes them."""

    def __init__(self, client):
        self.client = client
        self.headers = {}

    def as_token(self, *scopes, account=None):
        """The same, carrying a fresh token of these scopes."""
        other = Api(self.client)
        other.headers = {
            "HTTP_AUTHORIZATION": f"Bearer {issue_token(name='test', scopes=scopes, account=account).token}"
        }
        return other

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, **self.headers)

    def post(self, path, body=None, **headers):
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        return self.client.post(f"/api/v1{path}", raw, "application/json", **self.headers, **headers)


@pytest.fixture
def api(client, tags):
    """Nobody in particular; `api.as_token("submit")` is somebody."""
    return Api(client)


@pytest.fixture
def labelled_rows(tmp_path):
    """A row file with four works of each of the four tags."""
    slugs = ("natural-language-processing", "computer-vision", "mlops", "other")
    rows = [f"{slug}{n},A work about {slug} number {n},{slug}\n" for slug in slugs for n in range(4)]
    path = tmp_path / "labelled.csv"
    path.write_text("id,title,tag\n" + "".join(rows))
    return path
