"""A link between a landscape and its supplement leads to a page, or there is none."""

import json
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from trialkit.report.batch import make_reports
from trialkit.report.catalogue import read_catalogue
from trialkit.report.check import check_report
from trialkit.report.manifest import identity
from trialkit.report.neighbors import with_neighbors
from trialkit.workspace import example_path

#: A trial that a search for acute liver failure finds.
ALF = "NCT03629015"
CATALOGUE = """\
reports:
- {name: one, notebook: landscape, formats: [html]}
- {name: behind, notebook: supplement, formats: [html], parameters: {title: Behind}}
- {name: alf, notebook: landscape, formats: [html], parameters: {condition: ALF}}
- {name: print, notebook: supplement, formats: [pdf], parameters: {condition: ALF}}
- {name: routes, formats: [html]}
"""


@pytest.fixture
def entries(tmp_path):
    """The reports of the catalogue, of a few records: two of them are made."""
    every = sorted(example_path().glob("*.json"))
    few = [str(p) for p in every if p in every[::20] or p.stem in ("NCT01013194", ALF)]
    path = tmp_path / "reports.yml"
    path.write_text(f"records: {json.dumps(few)}\n{CATALOGUE}")
    return read_catalogue(path, engine="embedded")


def test_reports_of_the_same_trials_are_neighbors(entries):
    beside = {entry.name: entry.plan.neighbors for entry in entries}
    there = "../behind/supplement.html"
    assert beside == {
        "one": {"supplement": there},
        "behind": {"landscape": "../one/landscape.html"},
        "alf": {"supplement": ""},  # that one is made as PDF alone
        "print": {"landscape": "../alf/landscape.html"},
        "routes": {"landscape": "../one/landscape.html", "supplement": there},
    }


def test_a_neighbor_that_comes_or_goes_makes_the_report_anew(entries):
    plan = entries[0].plan
    alone = plan.__class__(**{**vars(plan), "neighbors": {"supplement": ""}})
    assert identity(plan)["fingerprint"] != identity(alone)["fingerprint"]


@pytest.mark.parametrize(
    ("neighbors", "shown"),
    [
        (None, "See [supplement.html](supplement.html)."),
        (
            {"supplement": "../b/supplement.html"},
            "See [supplement.html](../b/supplement.html).",
        ),
        ({"supplement": ""}, "See supplement.html."),
    ],
)
def test_a_link_leads_to_the_neighbor_or_is_none(neighbors, shown):
    text = "See [supplement.html](supplement.html)."
    output = {"output_type": "display_data", "data": {"text/markdown": text}}
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": text},
            {"cell_type": "code", "source": "", "outputs": [output]},
        ]
    }
    cells = with_neighbors(notebook, neighbors)["cells"]
    assert cells[0]["source"] == shown
    assert cells[1]["outputs"][0]["data"]["text/markdown"] == shown


@pytest.mark.slow
def test_every_link_of_a_catalogue_leads_somewhere(entries, tmp_path):
    chosen = [entry for entry in entries if entry.name in ("one", "behind")]
    out = tmp_path / "site"
    outcomes = make_reports(chosen, out=out)
    assert {item.status for item in outcomes} == {"made"}

    links = {name: _links(out / name) for name in ("one", "behind")}
    assert "../behind/supplement.html" in links["one"]
    assert "../behind/supplement.html#NCT01013194" in links["one"]
    assert "../one/landscape.html" in links["behind"]
    for name, own in links.items():
        for link in own:
            page, _, anchor = link.partition("#")
            target = (out / name / unquote(page)).resolve()
            assert target.is_file(), link
            assert not anchor or f'id="{anchor}"' in target.read_text()
    assert check_report(out / "one") == []


def _links(folder: Path) -> list[str]:
    (page,) = folder.glob("*.html")
    tree = lxml.html.parse(str(page))
    links = tree.xpath("//a/@href")
    return [link for link in links if ".html" in link and ":" not in link]
