# expect: failed: LendingTest.test_book_and_member_know_each_other
class LibraryError(Exception):
    pass


class Library:
    def __init__(self, loan_limit=3):
        self.loan_limit = loan_limit
        self.books = {}

    def add(self, book):
        self.books[book.title] = book

    def lend(self, title, member):
        if title not in self.books:
            raise LibraryError("no such book")
        book = self.books[title]
        if book.borrower:
            raise LibraryError("already lent")
        if len(member.books) >= self.loan_limit:
            raise LibraryError("too many books")
        book.borrower = member
        return book

    def take_back(self, title):
        if title not in self.books or not self.books[title].borrower:
            raise LibraryError("not lent")
        self.books[title].borrower = None

    def available(self):
        return sorted(title for title in self.books if not self.books[title].borrower)
