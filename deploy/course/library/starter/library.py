class LibraryError(Exception):
    """A rule of the library was broken."""


class Library:
    """Books, and the rules for lending them."""

    def __init__(self, loan_limit=3):
        self.loan_limit = loan_limit

    def add(self, book):
        """Put a book into the library."""

    def lend(self, title, member):
        """Lend the book of this title to a member, and return the book."""

    def take_back(self, title):
        """Take the book of this title back from whoever has it."""

    def available(self):
        """Return the sorted titles of all books that are not lent."""
