"""What trialkit raises: one root, and a few children that say who can mend it."""


class TrialkitError(Exception):
    """Something a user can mend; the command line prints it without a traceback."""


class TrialDataError(TrialkitError, ValueError):
    """A file, record, table or column is not what was expected."""


class ParameterError(TrialkitError, ValueError):
    """A parameter of a function or notebook is unknown, of a wrong type or value."""


class ReportError(TrialkitError):
    """A notebook cell failed, or a renderer could not make its file."""


class MissingExtraError(TrialkitError, ImportError):
    """A feature needs packages of an extra that is not installed."""
