"""Write the records of chosen trials into one file that `load` reads again."""

from __future__ import annotations

import os
from pathlib import Path

from trialkit.atomic import write_file
from trialkit.errors import TrialDataError
from trialkit.read import read_chunks, records_file
from trialkit.record import Record, Source
from trialkit.tidy.trials import Trials


def save_records(data: Trials, path: str | os.PathLike[str]) -> Path:
    """Write the records of some trials into one file that `load` reads, and return it.

    The files that the trials were loaded from, a records file among them, are read
    again, and what each of them says of the chosen trials is written as it was read:
    loading the file gives the same tables, labels and conflicts. `data.save` is for the
    tables themselves.

    Parameters
    ----------
    data
        Trials that were loaded from files.
    path
        The file to write, by custom `something.ndjson`.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    TrialDataError
        If a file is gone or has changed since it was loaded, or `path` cannot be
        written.

    Examples
    --------
    >>> import tempfile
    >>> import trialkit as tk
    >>> data = tk.load_example().select(phase="PHASE3")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = tk.load(tk.save_records(data, f"{folder}/chosen.ndjson"))
    >>> again.labels.equals(data.labels)
    True
    """
    origin = data.sources["records_file"].fillna(data.sources["path"])
    # Sources know a trial by its own id and by former ones.
    former = data.identifiers
    former = former.loc[former["id_type"] == "nct_alias", "id"]
    ids = {*data.trials["trial_id"], *former.dropna()}
    kept: list[Record] = []
    read: dict[str, Source] = {}
    for chunk in read_chunks(dict.fromkeys(map(_file_of, origin))):
        kept += [record for record in chunk.records if record.trial_id in ids]
        read |= {source.source_id: source for source in chunk.sources}
    gone = origin[~data.sources["source_id"].isin(list(read))]
    if len(gone):
        told = f"{gone.iloc[0]} has changed since it was loaded: load it again"
        raise TrialDataError(told)
    lost = {*data.trials["trial_id"]} - {record.trial_id for record in kept}
    if lost:
        told = f"no longer hold {min(lost)} as it was loaded: load them again"
        raise TrialDataError(f"the files {told}")
    used = dict.fromkeys(record.source_id for record in kept)
    lines = records_file.encode(kept, [read[key] for key in used], data.searches)
    with write_file(Path(path)) as part, part.open("wb") as file:
        file.writelines(lines)
    return Path(path)


def _file_of(name: str) -> str:
    """Return the file in a source's path, without the member of an archive."""
    parts = name.split("!")
    names = ("!".join(parts[:n]) for n in range(len(parts), 0, -1))
    file = next((name for name in names if Path(name).is_file()), None)
    if file is None:
        raise TrialDataError(f"records are read again to be saved, and {name} is gone")
    return file
