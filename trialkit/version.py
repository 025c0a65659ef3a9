"""The version, in a file of its own so that every module may read it."""

from collections.abc import Iterable

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
    import platform

    python = platform.python_version()
    return {"trialkit": __version__, "Python": python, **installed(_PACKAGES)}


def installed(packages: Iterable[str]) -> dict[str, str]:
    """Return the version of each package that is installed, by its name."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
