"""A number with its noun."""


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, singular or plural."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
