"""The operators' files of lines and of customers, as books that are read again together."""

from ivrengine.agents.changes import Change, Prepared
from ivrengine.agents.roster_files import HasPrompt
from ivrengine.calls.line_book import LineBook
from ivrengine.config import Settings
from ivrengine.services.customers.book import CustomerBook


def line_book_of(settings: Settings, has_prompt: HasPrompt) -> LineBook:
    """Return the rules of lines of this configuration.

    Raises:
        ConfigError: with every fault of the file.
    """
    return LineBook(settings.lines, settings.numbers, has_prompt)


class CustomerReading:
    """The list of customers as one of the files that are read again."""

    def __init__(self, book: CustomerBook) -> None:
        self._book = book

    def prepare(self) -> Prepared:
        """Read the list; see :class:`ivrengine.agents.changes.Book`."""
        fresh = self._book.read()
        counts = self._book.differences(fresh)
        return Prepared(
            changes=[
                Change(subject="customers", field=what, after=str(count))
                for what, count in counts.items()
            ],
            put_in_force=lambda: self._book.put_in_force(fresh),
        )
