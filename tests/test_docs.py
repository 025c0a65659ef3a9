"""The documentation: what it tells to type exists, and the site builds whole."""

import ast
import inspect
import json
import re
import shlex
import shutil
import tomllib
from html.parser import HTMLParser
from itertools import groupby
from operator import attrgetter
from urllib.parse import unquote, urldefrag

import click
import pytest

import trialkit as tk
from tests.documents import DOCUMENTS, ROOT, blocks
from tests.examples import example_trials
from trialkit.cli import cli
from trialkit.codebook import table_names
from trialkit.report.plan import find_notebook

COMMANDS = [
    (block.where, line)
    for block in blocks("sh")
    for line in block.text.replace("\\\n", " ").splitlines()
    if line.strip() and not line.lstrip().startswith("#")
]
PYTHON = blocks("python")
SPACES = [name for name in tk.__all__ if inspect.ismodule(getattr(tk, name))]
PUBLIC = [name for name in tk.__all__ if name[0] != "_" and name not in SPACES]
PUBLIC += [f"{space}.{name}" for space in SPACES for name in dir(getattr(tk, space))]
FUNCTIONS = [name for name in PUBLIC if inspect.isroutine(attrgetter(name)(tk))]


def test_the_documents_have_commands_and_code_to_check():
    assert COMMANDS
    assert PYTHON


@pytest.mark.parametrize(("where", "line"), COMMANDS, ids=str)
def test_a_command_of_the_documents_can_be_typed(where, line):
    words = shlex.split(line, comments=True)
    if words[0] == "trialkit":
        check_trialkit(words[1:])
    elif words[0] == "make":
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert {word for word in words[1:] if "=" not in word} <= set(targets)
    elif words[:2] == ["pip", "install"]:
        extras = re.findall(r"\[([\w,]+)\]", words[-1])
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        known = project["optional-dependencies"]
        assert {extra for found in extras for extra in found.split(",")} <= set(known)


def everything(extra):
    """Name an extra and those that it installs with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    listed = " ".join(project["optional-dependencies"][extra])
    inner = re.findall(r"trialkit\[([\w,]+)\]", listed)
    return {extra}.union(*map(everything, ",".join(inner).split(",") if inner else ()))


@pytest.mark.parametrize("target", ["report", "lab", "docs"])
def test_a_target_installs_on_a_bare_clone_what_it_needs_and_no_tests(target):
    needed = {"report": {"report"}, "lab": {"lab"}, "docs": {"docs", "lab"}}
    text = (ROOT / "Makefile").read_text()
    stamp = re.search(rf"^{target}: (\S+)", text, re.MULTILINE)[1]
    rule = text.split(f"\n{stamp}: ")[1].split("\n\n")[0]
    installed = everything(re.search(r"-e '\.\[(\w+)\]'", rule)[1])

    assert needed[target] <= installed
    assert "test" not in installed


def check_trialkit(words):
    """Let the command line's own parser read the words, and run nothing."""
    context = click.Context(cli, info_name="trialkit")
    _, rest = cli.make_parser(context).parse_args(list(words))[:2]
    if not rest:
        return
    command = cli.commands[rest[0]]
    inner = click.Context(command, info_name=rest[0], parent=context)
    values, _, _ = command.make_parser(inner).parse_args(rest[1:])
    for option in command.params:
        given = values.get(option.name)
        if isinstance(option.type, click.Choice) and isinstance(given, str):
            option.type.convert(given, option, inner)
    if rest[0] == "report":
        notebook = values.get("name")
        notebook = notebook if isinstance(notebook, str) else "landscape"
        if not notebook.endswith(".ipynb"):
            check_parameters(notebook, values.get("parameters") or [])


def check_parameters(notebook, pairs):
    known = find_notebook(notebook).parameters
    assert {pair.split("=")[0] for pair in pairs} <= set(known)


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.where)
def test_python_of_the_documents_uses_names_and_arguments_that_exist(block):
    for node in ast.walk(ast.parse(block.text)):
        if name := name_of_trialkit(node):
            assert hasattr(tk, name)
        if isinstance(node, ast.Call) and (name := name_of_trialkit(node.func)):
            takes = inspect.signature(getattr(tk, name)).parameters
            given = {keyword.arg for keyword in node.keywords}
            assert given <= set(takes), name


def name_of_trialkit(node):
    """Return `name` of an expression `tk.name`, None of any other."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return None
    return node.attr if node.value.id == "tk" else None


def test_the_dictionary_says_of_every_table_what_a_row_is():
    text = (ROOT / "docs/reference/dictionary.md").read_text()
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(table_names())


@pytest.mark.slow
def test_python_of_the_documents_runs_page_by_page(
    tmp_path, monkeypatch, close_figures
):
    shutil.copytree(tk.example_path(), tmp_path / "records")
    shutil.copytree(ROOT / "docs" / "gene-therapy", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    data = example_trials()
    monkeypatch.setattr(tk, "load_example", lambda: data)
    for _, page in groupby(PYTHON, key=lambda block: block.where.split(":")[0]):
        names = {}
        for block in page:
            # Neither a report nor a download is made here.
            if "run_report" not in block.text and "tk.fetch" not in block.text:
                exec(compile(block.text, block.where, "exec"), names)
        if "named" in names:
            labels = names["chosen"].labels.query("axis == 'cell_source'")
            stated = set(labels["value"]) - {"NOT_STATED", "NONE"}
            assert len(names["named"]) == len(stated)


def test_the_page_on_labels_tells_the_figures_of_the_score_and_of_its_readers():
    text = " ".join((ROOT / "docs" / "labels.md").read_text(encoding="utf-8").split())
    score = json.loads((ROOT / "trialkit" / "data" / "score.json").read_text())
    wide = next(one for one in score["sets"] if one["name"] == "wide draw")
    reached = {
        row["axis"] if row["unit"] == "trial" else "arm_rows": f"{row['value']:.2f}"
        for row in wide["families"]
        if row["family"] == "ALL"
    }
    agreed = {axis: f"{share:.2f}" for axis, share in wide["readers"].items()}

    assert (
        "route {route}, delivery {delivery_mode}, type {cell_type}, source "
        "{cell_source}, donor {donor}, arm rows {arm_rows} exact"
    ).format(**reached) in text
    assert agreed["route"] == agreed["delivery_mode"] == agreed["donor"]
    assert (
        "{route} on route, delivery and donor, {cell_type} on type, {cell_source} on "
        "source, on {arm_rows} of the arm rows"
    ).format(**agreed) in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_link_of_a_document_leads_to_a_file(path):
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    lost = [
        link
        for link in links
        if not re.match(r"https?:|#", link)
        and not (path.parent / urldefrag(link).url).exists()
    ]
    assert not lost


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_tells_every_argument_and_what_comes_back(name):
    function = attrgetter(name)(tk)
    text = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    told = re.split(r"^Parameters\n-+$", text, flags=re.MULTILINE)[-1]
    named = {
        word.strip().lstrip("*")
        for line in re.findall(r"^\S.*$", told, re.MULTILINE)
        for word in line.split(",")
    }

    assert set(signature.parameters) <= named or len(signature.parameters) == 0
    returns_nothing = signature.return_annotation in ("None", None)
    assert returns_nothing or re.search(r"^(Returns|Yields)\n-+$", text, re.MULTILINE)


class _Page(HTMLParser):
    """The links and anchors of a page, and what it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.fetched = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.anchors.add(values.get("id"))
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif tag in {"link", "script", "img"}:
            self.fetched.append(values.get("href") or values.get("src") or "")


@pytest.fixture(scope="module")
def pages(site):
    return {
        path.resolve(): _Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }


@pytest.mark.slow
def test_every_public_name_has_its_place_in_the_reference(pages):
    anchors = set().union(*(page.anchors for page in pages.values()))

    assert {f"trialkit.{name}" for name in PUBLIC} <= anchors


@pytest.mark.slow
def test_links_of_the_site_lead_to_a_page_and_a_place_in_it(pages):
    lost = []
    for path, page in pages.items():
        for link in page.links + page.fetched:
            if re.match(r"https?:|mailto:|data:|javascript:", link):
                continue
            url, anchor = urldefrag(unquote(link).split("?")[0])
            target = (path.parent / url).resolve() if url else path
            found = target in pages or target.is_file()
            if not found or (anchor and anchor not in pages[target].anchors):
                lost.append(f"{path.name}: {link}")
    assert not lost


@pytest.mark.slow
def test_the_site_fetches_nothing_from_elsewhere(pages):
    outside = [
        url
        for page in pages.values()
        for url in page.fetched
        if re.match(r"(https?:)?//", url)
    ]
    assert not outside
