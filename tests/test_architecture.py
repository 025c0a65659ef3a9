"""The house: imports run down the flow, importing is light, settings agree."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "trialkit"

#: The flow, leaves first. A module may import only from its own or an earlier row.
LAYERS = (
    {"errors", "nearest", "version", "provenance"},
    {"codebook", "record", "dates", "escape", "extras", "paths"},
    {"inventory", "unfinished", "value_lists", "whole", "workspace"},
    {"contacts", "privacy"},
    {"codewords", "conditions", "country", "brand", "display", "own_files"},
    {"word_forms", "synonym_table", "query", "search"},
    {"sources"},
    {"agreement", "arm_links"},
    {"identity", "part_lists", "choice", "merge", "registrations"},
    {"labels"},
    {"arrow", "overrides", "statements", "tidy", "derive", "making", "team"},
    {"choices", "ranges"},
    {
        *("csv_tables", "store", "ids", "batches", "trials"),
        *("selection", "text_filters", "filters"),
    },
    {"trial_view", "decide", "show", "trial_card", "likeness", "summarize"},
    {"figures", "tables", "prose", "scoring"},
    {"figure_list"},
    {"exhibits"},
    {"parts"},
    {"outputs", "manifest", "parameters", "execute", "render"},
    {"plan"},
    {"report"},
    {"check", "catalogue", "progress", "widgets"},
    {"cli_reports"},
    {"cli", "__main__", "__init__"},
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def module_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Yield the first part below `trialkit` of every import in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield "relative"
        elif isinstance(node, ast.ImportFrom) and node.module == "trialkit":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.startswith("trialkit."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("trialkit."):
                    yield alias.name.split(".")[1]


FILES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "data/" not in path.relative_to(PACKAGE).as_posix()
)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_down_the_flow(path):
    own = module_of(path)
    assert own in RANK, f"{own} has no place in the flow: add it to LAYERS"
    late = [name for name in imports(path) if RANK.get(name, 99) > RANK[own]]
    assert not late, f"{own} imports {late}, which come later in the flow"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_file_outgrows_the_house(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("module", ["trialkit", "trialkit.report", "trialkit.cli"])
def test_import_pulls_in_no_heavy_package(module):
    code = f"import sys, {module}, json; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    loaded = set(json.loads(done.stdout))
    heavy = {"pandas", "matplotlib", "papermill", "typst", "pypandoc", "IPython"}
    assert not loaded & heavy


def bounds(requirements):
    """Map package names to their lower bound."""
    found = {}
    for text in requirements:
        match = re.match(r"([a-z0-9-]+)>=([0-9.]+)$", text.strip())
        if match:
            found[match[1]] = match[2]
    return found


def test_conda_environment_has_the_lower_bounds_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = bounds(project["dependencies"])
    for name in ("report", "lab", "docs", "test"):
        wanted |= bounds(extras[name])
    wanted |= {"python": project["requires-python"].removeprefix(">=")}
    wanted |= {"quarto": bounds(extras["quarto"])["quarto-cli"]}
    text = (ROOT / "environment.yml").read_text()
    given = bounds(re.findall(r"- ([a-z0-9-]+>=[0-9.]+)", text))
    # conda-forge's matplotlib without a GUI toolkit has a name of its own.
    given["matplotlib"] = given.pop("matplotlib-base")
    assert given == wanted


def test_no_path_of_a_machine_is_committed():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".yml", ".ipynb", ".csv", ".json"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            found = re.search(r"/(?:home|root|Users|tmp/w)/\w+", text)
            assert not found, f"{name}: {found and found[0]}"
