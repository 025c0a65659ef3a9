"""The house: imports run down the flow, importing is light, settings agree."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "trialkit"

#: The rooms, in the order of the flow. A room imports only from the rows above its own.
LEAVES = {
    *("errors", "record", "codebook", "codewords", "dates", "escape", "extras"),
    *(
        "atomic",
        "files",
        "lazy",
        "nearest",
        "plural",
        "processes",
        "brand",
        "version",
        "workspace",
    ),
}
ROOMS = (
    "read",
    "merge",
    "label",
    "tidy",
    "compare",
    "fetch",
    "summarize",
    "figures",
    "tables",
    "prose",
    "score",
    "report",
    "explorer",
    "cli",
)
RANK = {
    **dict.fromkeys(LEAVES, 0),
    **{room: rank for rank, room in enumerate(ROOMS, 1)},
    **dict.fromkeys(("__init__", "__main__"), len(ROOMS) + 1),
}


def module_of(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


FILES = {
    module_of(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "data" not in path.relative_to(PACKAGE).parts
}


def imports(path):
    """Yield the modules that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in FILES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def edges():
    """Return which modules of the package each of them imports."""
    return {
        module: {name for name in imports(path) if name in FILES and name != module}
        for module, path in FILES.items()
    }


def room(module):
    """Return the folder or leaf that a module belongs to."""
    return [*module.split("."), "__init__"][1]


def test_every_room_has_a_place_in_the_flow():
    assert {room(module) for module in FILES} <= set(RANK), "add it to ROOMS or LEAVES"


def test_imports_run_down_the_flow():
    up = [
        f"{module} imports {name}, which comes later in the flow"
        for module, names in edges().items()
        for name in names
        if RANK[room(name)] > RANK[room(module)]
    ]
    assert not up


def test_modules_import_each_other_in_no_circle():
    # `prepare` names the modules of a circle in its CycleError.
    TopologicalSorter(edges()).prepare()


def test_no_file_outgrows_the_house():
    texts = {name: path.read_text(encoding="utf-8") for name, path in FILES.items()}
    assert not [name for name, text in texts.items() if len(text.splitlines()) > 400]


@pytest.mark.parametrize(
    "module",
    "trialkit trialkit.report.run trialkit.report.render.finder trialkit.cli".split(),
)
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


def test_one_module_knows_dask():
    """Nothing of it is imported where nobody asks for it."""
    knows = {
        module
        for module, path in FILES.items()
        if {"dask", "distributed"} & {name.split(".")[0] for name in imports(path)}
    }
    assert knows == {"trialkit.tidy.scale"}
    code = "import sys, trialkit.tidy.load; assert 'dask' not in sys.modules"
    # Nor for the readers, whoever only selects from a store.
    code += "; assert 'trialkit.read.readers' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


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
    for name in ("report", "lab", "fetch", "docs", "scale", "test"):
        wanted |= bounds(extras[name])
    wanted |= {"python": project["requires-python"].removeprefix(">=")}
    wanted |= {"quarto": bounds(extras["quarto"])["quarto-cli"]}
    text = (ROOT / "environment.yml").read_text()
    given = bounds(re.findall(r"- ([a-z0-9-]+>=[0-9.]+)", text))
    # conda-forge's matplotlib without a GUI toolkit and DuckDB's Python have own names.
    given["matplotlib"] = given.pop("matplotlib-base")
    given["duckdb"] = given.pop("python-duckdb")
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
