# expect: failed: LendingTest.test_rule_1_a_book_that_the_library_does_not_have
class LibraryError(Exception):
    pass


class Library:
    def __init__(self, loan_limit=3):
        self.loan_limit = loan_limit
        self.books = []

    def add(self, book):
        self.books.append(book)

    def lend(self, title, member):
        for book in self.books:
            if book.title == title:
                if book.borrower is not None:
                    print("LibraryError: already lent")
                elif len(member.books) >= self.loan_limit:
                    print("LibraryError: too many books")
                else:
                    book.borrower = member
                    member.books.append(book)
                    return book
        print("LibraryError: no such book")

    def take_back(self, title):
        for book in self.books:
            if book.title == title and book.borrower is not None:
                book.borrower.books.remove(book)
                book.borrower = None
                return
        print("LibraryError: not lent")

    def available(self):
        return sorted(book.title for book in self.books if book.borrower is None)
