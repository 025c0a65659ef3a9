"""The version, in a file of its own so that every module may read it."""

import platform
from importlib.metadata import PackageNotFoundError, version

__version__ = "0.1.0"

#: What reads, computes, draws and runs: a report states their versions.
_PACKAGES = (
    *("pandas", "numpy", "pyarrow", "lxml", "msgspec", "pyahocorasick"),
    *("matplotlib", "papermill", "ipykernel", "pypandoc-binary", "typst"),
)


def versions() -> dict[str, str]:
    """Return the versions of trialkit, Python and the packages behind a report.

    Returns
    -------
    dict
        Version by name of the package; those that are not installed are left out.
    """
    found = {"trialkit": __version__, "Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
