"""A question has one name in every namespace, and a function hides its topic's file."""

import importlib
import inspect
import pkgutil
import types

import pytest

from trialkit import summarize, tables


@pytest.mark.parametrize("package", [summarize, tables])
def test_a_namespace_lists_its_public_names_only(package):
    assert set(dir(package)) <= set(package.__all__)
    assert not any(
        isinstance(getattr(package, name), types.ModuleType) for name in dir(package)
    )


@pytest.mark.parametrize("package", [summarize, tables])
def test_a_function_stays_when_the_file_of_its_name_is_imported(package):
    files = {module.name for module in pkgutil.iter_modules(package.__path__)}
    both = files & set(package.__all__)
    for name in both:
        importlib.import_module(f"{package.__name__}.{name}")
    assert both
    assert all(callable(getattr(package, name)) for name in both)


def test_a_table_has_the_name_of_its_summary():
    of_no_frame = {"label_accuracy", "accuracy_by_label", "vocabulary", "own_labels"}
    of_no_frame |= {
        "overrides",
        "build",
        "glossary",
        "route_relations",
        "durations_by_phase",
        "changes",  # tk.changes makes its frame
    }
    of_no_frame |= {name for name in tables.TABLES if name.startswith("participants_")}
    assert set(tables.TABLES) - of_no_frame <= set(summarize.__all__)


@pytest.mark.parametrize("make", tables.TABLES.values())
def test_a_table_tells_every_argument_and_what_comes_back(make):
    told = make.__doc__.split("Parameters\n----------\n")[1]
    parameters, _, returned = told.partition("Returns\n-------\n")
    assert all(
        f"{name}\n    " in parameters for name in inspect.signature(make).parameters
    )
    assert returned.startswith("Table")
