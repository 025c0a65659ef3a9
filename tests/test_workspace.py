"""trialkit.workspace: the clone's folders, or the wheel's copies of them."""

import pytest

from trialkit import workspace
from trialkit.errors import TrialkitError


def test_reports_dir_holds_the_brand_file():
    assert (workspace.reports_dir() / "_brand.yml").is_file()


def test_the_copy_in_a_wheel_comes_first(tmp_path):
    package = tmp_path / "trialkit"
    carried = package / "data" / "workspace" / "notebooks"
    for folder in (carried, tmp_path / "notebooks"):
        folder.mkdir(parents=True)
    assert workspace.shipped("notebooks", package) == carried


def test_a_clone_uses_the_folder_beside_the_package(tmp_path):
    (tmp_path / "notebooks").mkdir()
    assert workspace.shipped("notebooks", tmp_path / "trialkit") == (
        tmp_path / "notebooks"
    )


def test_a_broken_installation_is_named(tmp_path):
    with pytest.raises(TrialkitError, match="'reports' folder"):
        workspace.shipped("reports", tmp_path / "trialkit")


@pytest.fixture
def parts(tmp_path):
    """Stand-ins for the notebooks and settings that ship."""
    for name in ("notebooks", "reports"):
        (tmp_path / "shipped" / name / "output").mkdir(parents=True)
        (tmp_path / "shipped" / name / f"{name}.txt").write_text(name)
    return lambda name: tmp_path / "shipped" / name


def test_new_workspace_copies_notebooks_and_settings_without_outputs(tmp_path, parts):
    made = workspace.new_workspace(tmp_path / "mine", shipped=parts)
    assert [path.name for path in made] == ["notebooks", "reports", "records"]
    assert (tmp_path / "mine/notebooks/notebooks.txt").read_text() == "notebooks"
    assert not (tmp_path / "mine/notebooks/output").exists()


def test_new_workspace_overwrites_nothing(tmp_path, parts):
    (tmp_path / "mine" / "reports").mkdir(parents=True)
    with pytest.raises(TrialkitError, match="reports exists"):
        workspace.new_workspace(tmp_path / "mine", shipped=parts)
    assert not (tmp_path / "mine" / "notebooks").exists()
