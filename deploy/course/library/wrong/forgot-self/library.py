class LibraryError(Exception):
    """A rule of the library was broken."""


class Library:
    """Books, and the rules for lending them."""

    def __init__(self, loan_limit=3):
        self.loan_limit = loan_limit
        self.books = {}

    def add(self, book):
        """Put a book into the library."""
        self.books[book.title] = book

    def lend(self, title, member):
        """Lend the book of this title to a member, and return the book."""
        book = self._find(title)
        if book.borrower is not None:
            raise LibraryError(f"{book.borrower.name} already has {title}")
        if len(member.books) >= self.loan_limit:
            raise LibraryError(f"{member.name} already has {len(member.books)} books")
        book.borrower = member
        member.books.append(book)
        return book

    def take_back(self, title):
        """Take the book of this title back from whoever has it."""
        book = self._find(title)
        if book.borrower is None:
            raise LibraryError(f"nobody has {title}")
        book.borrower.books.remove(book)
        book.borrower = None

    def available(self):
        """Return the sorted titles of all books that are not lent."""
        return sorted(book.title for book in self.books.values() if book.borrower is None)

    def _find(self, title):
        if title not in self.books:
            raise LibraryError(f"the library has no book {title}")
        return self.books[title]
