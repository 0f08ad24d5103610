"""The approved list."""


def test_the_list_has_figures_and_guidelines(api, make_item):
    make_item(state="published", tag="mlops")
    make_item(state="in_review", likely_tag="mlops")
    make_item(state="in_review", likely_tag="other")
    answer = api.get("/tags").json()
    rows = {row["slug"]: row for row in answer["items"]}
    assert list(rows) == ["natural-language-processing", "computer-vision", "mlops", "other"]
    assert (rows["mlops"]["n_published"], rows["mlops"]["n_waiting"], rows["other"]["n_waiting"]) == (1, 1, 1)
    assert rows["mlops"]["audited_precision"] is None
    assert set(rows["mlops"]["guideline"]) == {"belongs", "excludes", "hard_cases"}


def test_audited_precision_is_a_figure_with_its_interval_and_n(api, audited):
    audited("mlops", "mlops"), audited("mlops", "other")
    found = api.get("/tags/mlops").json()["audited_precision"]
    assert (found["value"], found["n"], set(found)) == (0.5, 2, {"value", "low", "high", "n"})


def test_one_tag_is_the_row_of_the_list(api):
    assert api.get("/tags/other").json() == api.get("/tags").json()["items"][3]


def test_an_unknown_tag_is_404_and_names_those_that_exist(api):
    answer = api.get("/tags/cooking")
    assert (answer.status_code, "computer-vision" in answer.json()["detail"]) == (404, True)
