# expect: failed: HiddenRulesTest.test_the_limit_of_one_member_does_not_touch_another
class LibraryError(Exception):
    pass


class Library:
    def __init__(self, loan_limit=3):
        self.loan_limit = loan_limit
        self.books = []
        self.loans = 0

    def add(self, book):
        self.books.append(book)

    def find(self, title):
        for book in self.books:
            if book.title == title:
                return book
        raise LibraryError("no such book")

    def lend(self, title, member):
        book = self.find(title)
        if book.borrower != None:
            raise LibraryError("already lent")
        if self.loans == self.loan_limit:
            raise LibraryError("too many books")
        self.loans += 1
        book.borrower = member
        member.books.append(book)
        return book

    def take_back(self, title):
        book = self.find(title)
        if book.borrower == None:
            raise LibraryError("not lent")
        self.loans -= 1
        book.borrower.books.remove(book)
        book.borrower = None

    def available(self):
        titles = []
        for book in self.books:
            if book.borrower == None:
                titles.append(book.title)
        titles.sort()
        return titles
