"""What trialkit raises: one root, and a few children that say who can mend it."""

from typing import Any


class TrialkitError(Exception):
    """Something a user can mend; the command line prints it without a traceback."""


class TrialDataError(TrialkitError, ValueError):
    """A file, record, table or column is not what was expected."""


class ParameterError(TrialkitError, ValueError):
    """A parameter of a function or notebook is unknown, of a wrong type or value."""


class ReportError(TrialkitError):
    """A notebook cell failed, or a renderer could not make its file."""


class TrialDataWarning(UserWarning):
    """Records were read, and not all of them are there."""


class CellFailure(ReportError):
    """A cell of the notebook failed; `partial` is the notebook as far as it ran."""

    def __init__(self, message: str, partial: dict[str, Any]) -> None:
        super().__init__(message)
        self.partial = partial


class MissingExtraError(TrialkitError, ImportError):
    """A feature needs packages of an extra that is not installed."""
