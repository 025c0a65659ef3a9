"""Time grows as the length of a text does, whatever the text: no file ends the reading.

`python -m benchmarks growth` tries every field of every reader with every piece; here
stand the texts that once took minutes, and each pattern with what it looks for. Eight
times the text may take four times what is linear, so that no busy machine can fail it.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest

import trialkit as tk
from trialkit.merge.registrations import OtherId, Trial, find_links
from trialkit.read.ctgov import csv as ctgov_csv
from trialkit.read.pages import text as page_text
from trialkit.read.pages.sentences import enrollment_in
from trialkit.read.values import markup
from trialkit.read.values.checked import checked
from trialkit.read.values.conditions import known_conditions, split_conditions
from trialkit.read.values.places import place_of
from trialkit.record import Record, Remark, Site
from trialkit.report.render.layout import _needs
from trialkit.report.render.prepare import prepare

pytestmark = pytest.mark.slow

#: A ratio counts only where the long text took this many seconds: on a busy machine the
# short one is a few milliseconds, and its measure is noise. `benchmarks.growth` has the
# ratios themselves.
LITTLE = 2.0
TIMES, ALLOWED, HANG = 8, 32, 20.0


@pytest.fixture(autouse=True)
def _ends():
    """Stop what takes minutes: a test that hangs tells nobody why."""

    def stop(*_: object) -> None:
        pytest.fail(f"more than {HANG:.0f} s")

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def seconds(work: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start


def assert_grows_as_its_text(work: Callable[[str], object], piece: str, n: int) -> None:
    seconds(work, piece)  # what is made once
    few = min(seconds(work, piece * n) for _ in range(2))
    many = seconds(work, piece * n * TIMES)
    assert many < max(LITTLE, ALLOWED * few), f"{few:.3f} s, then {many:.3f} s"


def test_comments_before_a_page_are_read_once():
    text = "<!--a-->" * 200
    assert not page_text.is_html(text)
    assert page_text.is_html(f"{text} <?xml?><html>")


def test_capitals_in_a_table_without_a_header_are_read_once():
    looks = ctgov_csv._LOOKS["interventions"]
    assert not looks.fullmatch("A" * 500)
    assert not looks.fullmatch("A_" * 500)
    assert looks.fullmatch("DIETARY_SUPPLEMENT: milk|DRUG: a: b|")
    assert not ctgov_csv._LOOKS["study design"].fullmatch("Aa: " * 500 + "\n")


@pytest.mark.parametrize(
    ("work", "piece", "n"),
    [
        (enrollment_in, "one ", 500),
        (enrollment_in, "one hundred  and ", 200),
        (enrollment_in, "1 a ", 500),
        (known_conditions, "liver failure ", 1000),
        (split_conditions, "als ", 1000),
        (split_conditions, " ", 4000),
        (split_conditions, "a; ", 4000),
        (markup.without_html, "<a ", 4000),
        (markup.without_html, "<a x=" + " " * 400, 50),
        (place_of, "1,", 4000),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)),
)
def test_a_text_of_one_piece_takes_as_long_as_its_length(work, piece, n):
    assert_grows_as_its_text(work, piece, n)


@pytest.mark.parametrize(
    ("suffix", "head", "piece", "tail"),
    [
        (".xml", "<!DOCTYPE a>", "<!DOCTYPE ", "<clinical_study/>"),
        (".txt", "NCT ID: NCT01234567\nLast updated: 2024\nSummary\n", "a", "\n"),
        (".txt", "NCT ID: NCT01234567\nLast updated: 2024-01-01\nSummary\n", "a.", ""),
        (".txt", "NCT ID", " ", "x\nNCT ID: NCT01234567\nLast updated: x\n"),
        (".json", '{"studies": [{}], "nextPageToken": ', " ", "{"),
        (".json", '{"protocolSection": {"a": "nctId" :', " ", "{"),
    ],
)
def test_a_broken_document_of_one_piece_is_refused_soon(
    suffix, head, piece, tail, tmp_path
):
    path = tmp_path / f"trial{suffix}"

    def load(text: str) -> None:
        path.write_text(head + text + tail, encoding="utf-8")
        try:
            tk.load(path)
        except tk.TrialDataError:
            pass

    assert_grows_as_its_text(load, piece, 5_000)


MIRROR = (
    "NCT ID: NCT01234567\nLast Updated: 2026-02-11\n{} Study Groups\n"
    "Review each arm\n{}\n"
    "Interventions\nLearn about the drugs\n{}\nOther Identifiers\nReview additional "
    "registry\nA-1\n"
)


@pytest.mark.parametrize("line", ["Cells\nGiven once.\n", "Type\n", "Cells {}\n"])
def test_a_page_of_many_arms_takes_as_long_as_its_lines(line, tmp_path):
    path = tmp_path / "page.txt"

    def load(text: str) -> None:
        lines = [line.format(n) for n in range(len(text))]
        block = "".join(lines)
        path.write_text(MIRROR.format("\n", block, block), encoding="utf-8")
        tk.load(path)

    assert_grows_as_its_text(load, "x", 150)


def test_an_xml_of_many_arms_takes_as_long_as_its_elements(tmp_path):
    path = tmp_path / "study.xml"

    def load(text: str) -> None:
        groups = "".join(
            f"<arm_group><arm_group_label>A{n}</arm_group_label></arm_group>"
            f"<intervention><intervention_name>I{n}</intervention_name>"
            f"<arm_group_label>A{n}</arm_group_label></intervention>"
            for n in range(len(text))
        )
        own = "<id_info><nct_id>NCT01234567</nct_id></id_info>"
        path.write_text(f"<clinical_study>{own}{groups}</clinical_study>")
        tk.load(path, labels=False)

    assert_grows_as_its_text(load, "x", 300)


def test_many_remarks_are_compared_with_many():
    def look(text: str) -> None:
        sites = tuple(Site(site_status=f"odd {n}") for n in range(len(text)))
        told = tuple(
            Remark(field="site_status", value=f"{n}") for n in range(len(text))
        )
        checked(Record(trial_id="NCT01234567", sites=sites, remarks=told))

    assert_grows_as_its_text(look, "x", 300)


def test_an_id_that_names_a_trial_many_times_names_it_once():
    trials = [Trial("NCT00000001", "ClinicalTrials.gov", None, None)] * 1
    trials += [Trial("ISRCTN12345678", "ISRCTN", None, None)]
    other = OtherId("ISRCTN12345678", "NCT00000001 " * 50_000, "other_id")

    links = find_links(trials, [other])

    assert links.named == {0: ("NCT00000001", True)}


def test_cells_of_one_word_fit_their_columns():
    def fit(text: str) -> None:
        string = {"t": "Plain", "c": [{"t": "Str", "c": text}]}
        cell = [["", [], []], {"t": "AlignDefault"}, 1, 1, [string]]
        row = [["", [], []], [cell]]
        head = [["", [], []], [row]]
        table = {"t": "Table", "c": [[], [], [[]], head, [], [[], []]]}
        _needs(table, 100)

    assert_grows_as_its_text(fit, "a", 5_000)


@pytest.mark.parametrize("piece", ["{", "[ @a-", "a", "\\{ \\[@fig-a"])
def test_what_a_notebook_shows_is_prepared_soon(piece):
    def made(text: str) -> None:
        output = {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/markdown": f"[@fig-a{text}"},
        }
        cell = {
            "cell_type": "code",
            "id": "a",
            "source": "1",
            "metadata": {},
            "execution_count": 1,
            "outputs": [output],
        }
        prepare({"cells": [cell], "metadata": {}})

    assert_grows_as_its_text(made, piece, 3_000)
