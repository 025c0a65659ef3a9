"""One run of a notebook by papermill, in a kernel of this Python (extra `report`)."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

from trialkit.atomic import scratch_folder
from trialkit.errors import CellFailure, ReportError, TrialkitError
from trialkit.report.forks import CAN_FORK, ForkProvisioner
from trialkit.report.notebook import tags_of, without_colors

#: What every report notebook imports; the kernel does while it waits.
_PRELOAD = (
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "trialkit.report.exhibits",
    "trialkit.report.opening",
    "trialkit.figures",
    "trialkit.tidy.labelled",
)

#: Both allocators of a kernel give back at once what they no longer need; as they come
#: they keep it, and a large report holds twice what its tables need.
_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "jemalloc",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 17),
}

#: Longest path of a Unix socket, less the suffix of its channel.
_MAX_SOCKET_PATH = 90

#: Errors made for the user, who needs no line of code with them.
_OURS = frozenset(kind.__name__ for kind in TrialkitError.__subclasses__())

#: How IPython heads the part of a traceback in a notebook cell.
_LINE = re.compile(r"^[ \t]*Cell In\[\d+\], line (\d+)", re.MULTILINE)

_SOURCE_FILE = re.compile(
    r"(?:[A-Z]:)?(?:[\\/][^\s\\/:]+){0,60}[\\/]([^\s\\/:]+\.py)\b"
)

Progress = Callable[[str, int, int], None]


def execute(
    notebook: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    name: str,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the notebook after one run from top to bottom in the current folder.

    Values injected by an earlier run are dropped, and so are times, process ids and
    paths: two runs of one input give the same notebook.
    """
    notebook = _completed(notebook)
    run = _Run(notebook, name, len(notebook["cells"]) + bool(values), progress)
    with _kernel() as kernel:
        # While the kernel starts in its own process: each takes a second or two.
        with _without_grammar():
            import nbformat
            import papermill
            from nbclient.exceptions import DeadKernelError

        # A failure is told once, by the error raised here.
        logging.getLogger("papermill").addHandler(logging.NullHandler())
        try:
            executed = papermill.execute_notebook(
                nbformat.from_dict(notebook),
                None,
                parameters=dict(values),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                autosave_cell_every=0,
                km=kernel,
                on_cell_start=run.start,
            )
        except papermill.PapermillExecutionError as error:
            trace = "\n".join(error.traceback or ())
            if error.ename in _OURS:
                raise run.mistake(error.evalue) from None
            words = error.evalue
            raise run.failure(error.source, error.ename, words, trace) from None
        except (DeadKernelError, RuntimeError) as error:
            if not run.cells:
                log = kernel.last_words()
                raise ReportError(f"the kernel did not start: {log or error}") from None
            words = kernel.last_words() or "out of memory, or ended by another process"
            raise run.failure(run.cells[-1]["source"], "kernel died", words) from None
    return _without_traces(executed)


@dataclass
class _Run:
    """The notebook cells that have started, and the error for one that fails."""

    notebook: Mapping[str, Any]
    name: str
    total: int
    progress: Progress | None
    cells: list[dict[str, Any]] = field(default_factory=list)

    def start(self, cell: dict[str, Any], cell_index: int) -> None:
        del self.cells[cell_index:]
        self.cells.append(cell)
        if self.progress:
            self.progress("cells", cell_index, self.total)

    def mistake(self, message: str) -> ReportError:
        return ReportError(
            f"{_one_line(message, 600)} (cell {self._number()} of {self.name})"
        )

    def _number(self) -> int:
        injected = sum("injected-parameters" in tags_of(cell) for cell in self.cells)
        return len(self.cells) - injected

    def failure(
        self, source: str, error: str, message: str, trace: str = ""
    ) -> CellFailure:
        number = self._number()
        line = _failing_line(source, trace)
        words = _one_line(message)
        partial = dict(self.notebook)
        partial["cells"] = [*self.cells, *self.notebook["cells"][number:]]
        return CellFailure(
            f"cell {number} of {self.name} failed: {error}: {words}\n  in: {line}",
            _without_traces(partial),
        )


class _ThisPython(AsyncKernelManager):
    """Start this Python as the kernel, whatever kernels are registered."""

    channels: Any = None
    errors: Path

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[
                sys.executable,
                *("-m", "ipykernel_launcher", "-f", "{connection_file}"),
                "--HistoryManager.enabled=False",
                *(f"--IPKernelApp.exec_lines=__import__({m!r})" for m in _PRELOAD),
            ],
            display_name="Python 3",
            language="python",
        )

    def client(self, **kwargs: Any) -> Any:
        # nbclient does not close the channels of a kernel that it did not start.
        self.channels = super().client(**kwargs)
        return self.channels

    def last_words(self) -> str:
        lines = self.errors.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


@contextmanager
def _kernel() -> Iterator[_ThisPython]:
    with scratch_folder("kernel") as folder:
        # Sockets in a private folder need no port, so parallel runs cannot collide.
        ipc = sys.platform != "win32" and len(str(folder)) < _MAX_SOCKET_PATH
        where = {"transport": "ipc", "ip": str(folder / "k")} if ipc else {}
        kernel = _ThisPython(connection_file=str(folder / "kernel.json"), **where)
        kernel.errors = folder / "kernel.log"
        with kernel.errors.open("wb") as log:
            try:
                # A fixed order of sets, or two runs could give different notebooks.
                env = {**os.environ, "PYTHONHASHSEED": "0"}
                if sys.platform == "linux":
                    env = {**_ENVIRONMENT, **env}
                # Our own standard output may be closed.
                if CAN_FORK:
                    kernel.provisioner = ForkProvisioner(
                        kernel_id="k", kernel_spec=kernel.kernel_spec, parent=kernel
                    )
                    kernel.provisioner.preload = _PRELOAD
                run_sync(kernel.start_kernel)(stdout=DEVNULL, stderr=log, env=env)
                yield kernel
            finally:
                run_sync(_cancel_rest)()
                if kernel.channels:
                    kernel.channels.stop_channels()
                if kernel.has_kernel:
                    run_sync(kernel.shutdown_kernel)(now=True)


@contextmanager
def _without_grammar() -> Iterator[None]:
    """Import jsonschema in the block without the grammar of IRIs, which takes a second.

    The schema of notebooks has no IRI.
    """
    name = "rfc3987_syntax"
    if is_new := name not in sys.modules:
        sys.modules[name] = None  # type: ignore[assignment]
    yield
    if is_new:
        del sys.modules[name]


def _completed(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook with all that nbformat requires, and no injected values."""
    minor = max(notebook.get("nbformat_minor", 0), 5)
    cells: list[dict[str, Any]] = []
    ids: set[str] = set()
    kept = [c for c in notebook["cells"] if "injected-parameters" not in tags_of(c)]
    for number, cell in enumerate(kept, 1):
        own = cell.get("id")  # nbformat would make up a random one
        name = own if isinstance(own, str) and own not in ids else f"cell-{number}"
        ids.add(name)
        run = {"outputs": [], "execution_count": None}
        needed = {"metadata": {}, **(run if cell["cell_type"] == "code" else {})}
        cells.append({**needed, **cell, "id": name})
    return {"metadata": {}, **notebook, "nbformat_minor": minor, "cells": cells}


async def _cancel_rest() -> None:
    """Cancel tasks left by an interrupt, of which asyncio would warn at exit."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def _without_traces(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Remove what differs from run to run or between machines."""
    metadata = dict(notebook["metadata"])
    values = metadata.pop("papermill", {}).get("parameters", {})
    clean = {**notebook, "metadata": {**metadata, "papermill": {"parameters": values}}}
    clean["cells"] = [_without_trace(cell) for cell in notebook["cells"]]
    # From nbformat's classes to plain dicts.
    return json.loads(json.dumps(clean))


def _without_trace(cell: Mapping[str, Any]) -> dict[str, Any]:
    tags = tags_of(cell)
    clean = {**cell, "metadata": {"tags": tags} if tags else {}}
    if "injected-parameters" in tags:
        clean["id"] = "injected-parameters"
    if "outputs" in cell:
        clean["outputs"] = [_without_paths(output) for output in cell["outputs"]]
    return clean


def _without_paths(output: Mapping[str, Any]) -> dict[str, Any]:
    """Shorten the path of a source file in a warning to its name."""
    if output["output_type"] != "stream":
        return dict(output)
    return {**output, "text": _SOURCE_FILE.sub(r"\1", "".join(output["text"]))}


def _one_line(message: str, longest: int = 300) -> str:
    words = " ".join(without_colors(message).split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _failing_line(source: str, trace: str) -> str:
    """Return the line that a traceback names, or else the first line of code."""
    lines = [line.strip() for line in source.splitlines()]
    named = _LINE.search(without_colors(trace))
    if named and int(named[1]) <= len(lines):
        return lines[int(named[1]) - 1]
    return next((line for line in lines if line and not line.startswith("#")), "")
