"""Words from outside, made fit for a column."""

_LONGEST = 200
"""What carriers and phones may send has no limit; an indexed column has."""


def plain(word: str) -> str:
    """Return ``word`` cut to a length that fits, with ``?`` for what is not printable.

    PostgreSQL has no text with a NUL in it, and a caller's number may hold anything.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in word[:_LONGEST])
