"""A search that a catalogue names: where its download is kept, and what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from trialkit.errors import ParameterError, TrialDataError
from trialkit.fetch.update import newest
from trialkit.read.receipt import Receipt

#: What `search:` of a catalogue takes besides `folder`: options of `trialkit fetch`.
OPTIONS = ("condition", "intervention", "query", "advanced", "ids", "url")


class Search(NamedTuple):
    """The folder of a download, and the options that it asks with."""

    folder: str
    asked: tuple[tuple[str, str], ...]

    @property
    def options(self) -> dict[str, str]:
        """The options by name."""
        return dict(self.asked)

    def downloaded(self) -> Receipt | None:
        """Return the receipt of its newest download, None before the first."""
        try:
            return newest(Path(self.folder))
        except TrialDataError:
            return None

    def previous(self) -> str:
        """Return the folder that the newest download continues, empty where none is."""
        receipt = self.downloaded()
        if receipt is None or receipt.update is None:
            return ""
        before = Path(receipt.folder).with_name(receipt.update.of)
        return str(before) if before.is_dir() else ""

    def records(self) -> str:
        """Return the folder of the newest download."""
        receipt = self.downloaded()
        if receipt is None:
            told = "is not downloaded yet: run `trialkit reports --update`"
            raise ParameterError(f"the search of {self.folder} {told}")
        return receipt.folder


def search_of(given: Mapping[str, str]) -> Search:
    """Return a search from its fields; the folder must be among them."""
    if not given.get("folder"):
        raise ParameterError("`search:` needs `folder:`, where its download is kept")
    asked = {name: given[name] for name in OPTIONS if given.get(name)}
    if not asked:
        told = f"`search:` asks nothing: give one of {', '.join(OPTIONS)}"
        raise ParameterError(told)
    return Search(given["folder"], tuple(asked.items()))
