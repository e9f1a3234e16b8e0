import unittest

from book import Book
from member import Member


class BookTest(unittest.TestCase):
    def test_a_book_knows_its_title_and_author(self):
        book = Book("Momo", "Michael Ende")
        self.assertEqual(book.title, "Momo")
        self.assertEqual(book.author, "Michael Ende")

    def test_a_new_book_has_no_borrower(self):
        self.assertIsNone(Book("Momo", "Michael Ende").borrower)

    def test_a_book_as_text(self):
        self.assertEqual(str(Book("Momo", "Michael Ende")), "Momo by Michael Ende")


class MemberTest(unittest.TestCase):
    def test_a_member_knows_their_name(self):
        self.assertEqual(Member("Ada").name, "Ada")

    def test_a_new_member_has_no_books(self):
        self.assertEqual(Member("Ada").books, [])

    def test_every_member_has_a_list_of_their_own(self):
        ada, ben = Member("Ada"), Member("Ben")
        ada.books.append(Book("Momo", "Michael Ende"))
        self.assertEqual(ben.books, [])
