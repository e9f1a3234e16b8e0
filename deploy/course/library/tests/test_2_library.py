import unittest

from book import Book
from library import Library, LibraryError
from member import Member


class LibraryCase(unittest.TestCase):
    """What every test of the library begins with."""

    def setUp(self):
        self.library = Library(loan_limit=2)
        for title, author in [("Momo", "Michael Ende"), ("Dune", "Frank Herbert"), ("Emma", "Jane Austen")]:
            self.library.add(Book(title, author))
        self.ada = Member("Ada")
        self.ben = Member("Ben")


class LendingTest(LibraryCase):
    def test_all_books_are_available_at_first_from_a_to_z(self):
        self.assertEqual(self.library.available(), ["Dune", "Emma", "Momo"])

    def test_lending_returns_the_book(self):
        self.assertEqual(self.library.lend("Momo", self.ada).title, "Momo")

    def test_a_lent_book_is_not_available(self):
        self.library.lend("Dune", self.ada)
        self.assertEqual(self.library.available(), ["Emma", "Momo"])

    def test_book_and_member_know_each_other(self):
        book = self.library.lend("Momo", self.ada)
        self.assertIs(book.borrower, self.ada)
        self.assertEqual(self.ada.books, [book])

    def test_a_book_that_came_back_is_available_again(self):
        book = self.library.lend("Momo", self.ada)
        self.library.take_back("Momo")
        self.assertEqual(self.library.available(), ["Dune", "Emma", "Momo"])
        self.assertIsNone(book.borrower)
        self.assertEqual(self.ada.books, [])

    def test_rule_1_a_book_that_the_library_does_not_have(self):
        with self.assertRaises(LibraryError):
            self.library.lend("Ulysses", self.ada)

    def test_rule_2_a_book_is_not_lent_twice(self):
        self.library.lend("Momo", self.ada)
        with self.assertRaises(LibraryError):
            self.library.lend("Momo", self.ben)

    def test_rule_3_nobody_gets_more_than_the_loan_limit(self):
        self.library.lend("Momo", self.ada)
        self.library.lend("Dune", self.ada)
        with self.assertRaises(LibraryError):
            self.library.lend("Emma", self.ada)

    def test_rule_4_a_book_in_the_library_cannot_be_taken_back(self):
        with self.assertRaises(LibraryError):
            self.library.take_back("Momo")


class HiddenRulesTest(LibraryCase):
    def test_the_limit_of_one_member_does_not_touch_another(self):
        self.library.lend("Momo", self.ada)
        self.library.lend("Dune", self.ada)
        self.assertEqual(self.library.lend("Emma", self.ben).title, "Emma")

    def test_a_member_who_brings_a_book_back_may_have_another(self):
        self.library.lend("Momo", self.ada)
        self.library.lend("Dune", self.ada)
        self.library.take_back("Momo")
        self.assertEqual(self.library.lend("Emma", self.ada).title, "Emma")

    def test_after_a_refusal_everything_is_as_before(self):
        self.library.lend("Momo", self.ada)
        with self.assertRaises(LibraryError):
            self.library.lend("Momo", self.ben)
        self.assertEqual(self.ben.books, [])
        self.assertEqual([book.title for book in self.ada.books], ["Momo"])

    def test_a_refused_third_book_stays_in_the_library(self):
        self.library.lend("Momo", self.ada)
        self.library.lend("Dune", self.ada)
        with self.assertRaises(LibraryError):
            self.library.lend("Emma", self.ada)
        self.assertEqual(self.library.available(), ["Emma"])

    def test_an_unknown_book_cannot_be_taken_back(self):
        with self.assertRaises(LibraryError):
            self.library.take_back("Ulysses")

    def test_two_libraries_have_their_own_books(self):
        self.assertEqual(Library().available(), [])
