# expect: failed: HiddenRulesTest.test_a_refused_third_book_stays_in_the_library
class LibraryError(Exception):
    pass


class Library:
    def __init__(self, loan_limit=3):
        self.loan_limit = loan_limit
        self.books = {}

    def add(self, book):
        self.books[book.title] = book

    def lend(self, title, member):
        book = self.books.get(title)
        if book is None:
            raise LibraryError("no such book")
        if book.borrower is not None:
            raise LibraryError("already lent")
        book.borrower = member
        member.books.append(book)
        if len(member.books) > self.loan_limit:
            raise LibraryError("too many books")
        return book

    def take_back(self, title):
        book = self.books.get(title)
        if book is None or book.borrower is None:
            raise LibraryError("not lent")
        book.borrower.books.remove(book)
        book.borrower = None

    def available(self):
        return sorted(book.title for book in self.books.values() if book.borrower is None)
