"""trialkit.workspace: the clone's folders, or the wheel's copies of them."""

import pytest

from trialkit import workspace
from trialkit.errors import TrialkitError


def test_reports_dir_holds_the_brand_file():
    assert (workspace.reports_dir() / "_brand.yml").is_file()


def test_the_copy_in_a_wheel_comes_first(tmp_path):
    package = tmp_path / "trialkit"
    for folder in (package / "workspace" / "notebooks", tmp_path / "notebooks"):
        folder.mkdir(parents=True)
    found = workspace._folder("notebooks", package)
    assert found == package / "workspace" / "notebooks"


def test_a_clone_uses_the_folder_beside_the_package(tmp_path):
    (tmp_path / "notebooks").mkdir()
    assert workspace._folder("notebooks", tmp_path / "trialkit") == (
        tmp_path / "notebooks"
    )


def test_a_broken_installation_is_named(tmp_path):
    with pytest.raises(TrialkitError, match="'reports' folder"):
        workspace._folder("reports", tmp_path / "trialkit")
