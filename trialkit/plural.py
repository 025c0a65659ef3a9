"""A number with its noun, and the first letter of a text."""


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, singular or plural."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    """Return a text with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """Return a text with a small first letter; the rest stays as it is."""
    return text[:1].lower() + text[1:]
