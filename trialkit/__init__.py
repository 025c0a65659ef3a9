"""Clinical-trial records in, tidy pandas tables and landscape reports out."""

__version__ = "0.1.0"
