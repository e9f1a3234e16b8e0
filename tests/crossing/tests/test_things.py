import abc
import asyncio
import collections
import contextlib
import copy
import dataclasses
import datetime
import decimal
import enum
import inspect
import io
import random
import types
import unittest
from unittest import mock

import things
from things import Account, Bag, Color, Coin, Countdown, Dot, Item, Level, Pair, Savings, Shape, Temperature, TooLate, Vector


class ValuesTest(unittest.TestCase):
    def test_plain_values_keep_type_and_value(self):
        expected = [
            None, True, 1, 10**30, -(10**25), 1.5, 2 + 3j, "text\ud800", b"\x00\xff", (1, (2,)), [1, [2]], {"a": {1, 2}},
            frozenset([1]), range(2, 9, 3), slice(1, None, 2), decimal.Decimal("1.10"), datetime.date(2026, 1, 2),
            datetime.datetime(2026, 1, 2, 3, 4, 5, 6, datetime.timezone.utc), datetime.timedelta(1, 2, 3),
            datetime.time(1, 2), bytearray(b"ab"), ...,
        ]  # fmt: skip
        got = things.plain_values()
        self.assertEqual(got, expected)
        self.assertEqual([type(x) for x in got], [type(x) for x in expected])
        self.assertEqual(things.same(expected), expected)

    def test_floats_that_are_no_numbers(self):
        self.assertTrue(things.same(float("nan")) != things.same(float("nan")))
        self.assertEqual(things.same(float("-inf")), float("-inf"))
        self.assertEqual(str(things.same(-0.0)), "-0.0")

    def test_identity_of_what_comes_back(self):
        values = [1, 2]
        self.assertIs(things.same(values), values)
        self.assertIs(things.clear(values), values)
        self.assertEqual(values, [])

    def test_changes_in_place_are_seen(self):
        values = [3, 1, 2]
        things.sort_in_place(values)
        self.assertEqual(values, [1, 2, 3])
        table = {"a": 0}
        things.add_key(table, "b")
        things.add_key(table, "c")
        self.assertEqual(table, {"a": 0, "b": 1, "deep": ["b", "c"], "c": 3})

    def test_recursive_lists(self):
        values = things.recursive()
        self.assertEqual(values[0], 1)
        self.assertIs(values[1], values)

    def test_a_list_held_by_both_is_kept_in_step(self):
        account = Account("ann")
        log = account.log
        account.deposit(5)
        self.assertEqual(log, [(5, None)])
        log.append("mine")
        self.assertEqual(account.log, [(5, None), "mine"])

    def test_module_attributes(self):
        self.assertEqual(things.LIMIT, 3)
        self.assertIn("LIMIT", dir(things))
        self.assertTrue(hasattr(things, "same"))
        self.assertFalse(hasattr(things, "nothing"))
        before = things.counter
        things.bump()
        self.assertEqual(things.counter, before + 1)
        things.counter = 40
        self.assertEqual(things.bump(), 41)


class ErrorsTest(unittest.TestCase):
    def test_built_in_errors(self):
        with self.assertRaises(ValueError) as caught:
            things.raise_it(ValueError, "bad", 3)
        self.assertEqual(caught.exception.args, ("bad", 3))
        with self.assertRaisesRegex(KeyError, "missing"):
            things.raise_it(KeyError, "missing")
        with self.assertRaises(SystemExit) as caught:
            things.raise_it(SystemExit, 4)
        self.assertEqual(caught.exception.code, 4)

    def test_errors_of_the_submission(self):
        with self.assertRaises(TooLate) as caught:
            things.too_late("monday")
        self.assertEqual(str(caught.exception), "monday is late")
        self.assertEqual(caught.exception.day, "monday")
        self.assertIsInstance(caught.exception, ValueError)
        self.assertTrue(issubclass(TooLate, ValueError))
        with self.assertRaises(ValueError):
            things.too_late("tuesday")
        with self.assertRaises(things.TooLate):
            raise TooLate("x")

    def test_causes(self):
        with self.assertRaises(RuntimeError) as caught:
            things.chained()
        self.assertIsInstance(caught.exception.__cause__, KeyError)

    def test_errors_of_callbacks_come_back_as_they_were(self):
        class Own(Exception):
            pass

        problem = Own("x")

        def fails(value):
            raise problem

        with self.assertRaises(Own) as caught:
            things.each(fails, [1])
        self.assertIs(caught.exception, problem)
        with self.assertRaises(Own):
            things.raise_it(Own, "y")

    def test_attribute_and_type_errors(self):
        with self.assertRaises(AttributeError):
            Account("a").nothing
        with self.assertRaises(TypeError):
            Account()
        with self.assertRaises(ZeroDivisionError):
            things.each(lambda value: 1 / value, [0])


class FunctionsTest(unittest.TestCase):
    def test_callbacks(self):
        self.assertEqual(things.each(lambda x: x * 2, [1, 2]), [2, 4])
        self.assertEqual(things.each(str.upper, ["a"]), ["A"])
        self.assertEqual(things.each(things.same, [3]), [3])
        self.assertEqual(things.each(len, ["abc"]), [3])

    def test_closures(self):
        add = things.make_adder(3)
        self.assertEqual(add(4), 7)
        self.assertTrue(callable(add))
        self.assertEqual(add.__name__, "add")
        self.assertTrue(inspect.isfunction(add))
        self.assertEqual(list(inspect.signature(add).parameters), ["m"])

    def test_decorators(self):
        @things.logged
        def hello(name, mark="!"):
            """Says hello."""
            return "hello " + name + mark

        self.assertEqual(hello("a", mark="?"), "hello a?")
        self.assertEqual(hello.calls, 1)
        self.assertEqual(hello.__name__, "hello")
        self.assertEqual(hello.__doc__, "Says hello.")

    def test_generators(self):
        made = things.counting(3)
        self.assertIsInstance(made, types.GeneratorType)
        self.assertIs(iter(made), made)
        self.assertEqual(next(made), 0)
        self.assertEqual(made.send(5), 10)
        self.assertEqual(list(made), [1, 2])
        with self.assertRaises(StopIteration):
            next(made)

    def test_iterators(self):
        self.assertEqual(list(Countdown(3)), [3, 2, 1])
        self.assertIsInstance(Countdown(1), collections.abc.Iterator)
        self.assertEqual(sum(Countdown(4)), 10)

    def test_async_functions(self):
        self.assertTrue(inspect.iscoroutinefunction(things.fetch) or callable(things.fetch))
        self.assertEqual(asyncio.run(things.fetch(4)), 8)

    def test_files_that_tests_give(self):
        self.assertEqual(things.read_lines(io.StringIO("a\nb\n")), ["a", "b"])
        out = io.StringIO()
        things.write_to(out)
        self.assertEqual(out.getvalue(), "onetwo\n")


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    async def test_await(self):
        self.assertEqual(await things.fetch(2), 4)


class ObjectsTest(unittest.TestCase):
    def test_attributes_methods_and_properties(self):
        account = Account("ann", 5)
        self.assertEqual(account.deposit(2, note="x").balance, 7)
        account.balance = 9
        self.assertEqual(account.balance, 9)
        with self.assertRaisesRegex(ValueError, "no debts"):
            account.balance = -1
        account.nick = "a"
        self.assertEqual(account.nick, "a")
        del account.nick
        self.assertFalse(hasattr(account, "nick"))
        self.assertEqual(repr(account), "Account('ann', 9)")
        self.assertEqual(vars(account)["owner"], "ann")

    def test_classes(self):
        self.assertEqual(Account.bank, "Sand")
        self.assertEqual(Account.__name__, "Account")
        self.assertEqual(Account.__doc__, "A bank account.")
        self.assertIsInstance(Account.empty("x"), Account)
        self.assertIsInstance(Savings.empty("x"), Savings)
        self.assertTrue(issubclass(Savings, Account))
        self.assertFalse(isinstance(Account("a"), Savings))
        self.assertIs(type(Account("a")), Account)
        self.assertTrue(Account.is_valid(1))
        self.assertEqual(Account.deposit(Account("a"), 3).balance, 3)
        self.assertEqual(Savings("b").deposit(1).balance, 2)
        self.assertTrue(inspect.isclass(Account))

    def test_identity(self):
        account = Account("a")
        self.assertIs(account.deposit(1), account)
        self.assertIs(things.same(account), account)
        self.assertEqual({account: 1}[account], 1)

    def test_comparison(self):
        self.assertEqual(Account("a", 1), Account("a", 1))
        self.assertNotEqual(Account("a", 1), Account("b", 1))
        self.assertLess(Account("a", 1), Account("b", 2))
        self.assertEqual(len({Account("a", 1), Account("a", 1)}), 1)
        self.assertNotEqual(Account("a"), 5)
        self.assertEqual([a.owner for a in sorted([Account("x", 3), Account("y", 2)])], ["y", "x"])

    def test_operators(self):
        v = Vector(1, 2)
        self.assertEqual(v + Vector(3, 4), Vector(4, 6))
        self.assertEqual(v * 3, Vector(3, 6))
        self.assertEqual(2 * v, Vector(2, 4))
        self.assertEqual(-v, Vector(-1, -2))
        self.assertAlmostEqual(abs(Vector(3, 4)), 5.0)
        with self.assertRaises(TypeError):
            v + 1
        same = v
        v += Vector(1, 1)
        self.assertIs(v, same)
        self.assertEqual(v.parts, [2, 3])

    def test_containers(self):
        v = Vector(1, 2, 3)
        self.assertEqual(len(v), 3)
        self.assertEqual(v[1], 2)
        self.assertEqual(v[0:2], [1, 2])
        v[1] = 9
        self.assertIn(9, v)
        self.assertNotIn(2, v)
        del v[0]
        self.assertEqual(list(v), [9, 3])
        self.assertEqual(list(reversed(v)), [3, 9])
        self.assertEqual([*v], [9, 3])
        with self.assertRaises(IndexError):
            v[7]

    def test_the_other_special_methods(self):
        v = Vector(1, 2)
        self.assertTrue(v)
        self.assertFalse(Vector())
        self.assertEqual(v(10), 30)
        self.assertEqual(str(v), "<1, 2>")
        self.assertEqual(f"{v:>}", "><1, 2>")
        self.assertEqual([10, 20, 30][v], 30)

    def test_context_managers(self):
        with Account("a") as account:
            pass
        self.assertEqual(account.log, ["enter", "exit"])
        with account:
            raise KeyError("swallowed")
        self.assertEqual(account.log[-1], "KeyError")
        with self.assertRaises(ValueError):
            with account:
                raise ValueError("passes")

    def test_copies(self):
        account = Account("a", 2)
        other = copy.deepcopy(account)
        self.assertIsNot(other, account)
        self.assertEqual(other, account)
        other.balance = 5
        self.assertEqual(account.balance, 2)

    def test_subclasses_of_plain_types(self):
        t = Temperature(21.5)
        self.assertEqual(t, 21.5)
        self.assertIsInstance(t, float)
        self.assertTrue(t.warm())
        self.assertEqual(t + 1, 22.5)
        bag = Bag(a=1, b=2)
        self.assertEqual(bag, {"a": 1, "b": 2})
        self.assertIsInstance(bag, dict)
        self.assertEqual(bag.total(), 3)
        self.assertEqual(bag["a"], 1)
        self.assertEqual(sorted(bag), ["a", "b"])
        self.assertEqual(dict(bag), {"a": 1, "b": 2})

    def test_named_tuples(self):
        pair = Pair(1)
        self.assertEqual(pair, (1, "r"))
        self.assertEqual(pair.left, 1)
        left, right = pair
        self.assertEqual((left, right), (1, "r"))
        self.assertEqual(pair._replace(left=2), Pair(2))
        self.assertEqual(Dot(1, 2).x, 1)
        self.assertEqual(Dot._fields, ("x", "y"))
        self.assertIsInstance(pair, tuple)

    def test_data_classes(self):
        self.assertEqual(Item("a"), Item("a", 1.0))
        self.assertLess(Item("a"), Item("b"))
        self.assertEqual(repr(Item("a")), "Item(name='a', price=1.0, tags=[])")
        self.assertEqual([f.name for f in dataclasses.fields(Item)], ["name", "price", "tags"])
        self.assertTrue(dataclasses.is_dataclass(Item))
        self.assertEqual(dataclasses.asdict(Item("a", tags=["x"])), {"name": "a", "price": 1.0, "tags": ["x"]})
        with self.assertRaises(dataclasses.FrozenInstanceError):
            Coin(1).value = 2
        self.assertEqual(hash(Coin(1)), hash(Coin(1)))

    def test_enums(self):
        self.assertIs(Color.RED, Color(1))
        self.assertIs(Color["BLUE"], Color.BLUE)
        self.assertEqual([c.name for c in Color], ["RED", "BLUE"])
        self.assertEqual(len(Color), 2)
        self.assertEqual(Color.RED.value, 1)
        self.assertEqual(Color.RED.shout(), "RED!")
        self.assertNotEqual(Color.RED, 1)
        self.assertEqual(Level.HIGH, 2)
        self.assertIsInstance(Color.RED, enum.Enum)
        self.assertIsInstance(Color.RED, Color)
        self.assertIn(Color.RED, Color)
        with self.assertRaises(ValueError):
            Color(7)

    def test_standard_containers(self):
        counted = things.words("a b a")
        self.assertEqual(counted, {"a": 2, "b": 1})
        self.assertIsInstance(counted, collections.Counter)
        self.assertEqual(counted.most_common(1), [("a", 2)])
        self.assertEqual(counted["a"], 2)
        q = things.queue()
        self.assertEqual(list(q), [1, 2, 3])
        self.assertIsInstance(q, collections.deque)
        self.assertIn(2, q)
        self.assertEqual(q.popleft(), 1)

    def test_classes_that_tests_derive(self):
        class Square(Shape):
            def __init__(self, side):
                self.side = side

            def area(self):
                return self.side**2

        self.assertEqual(Square(3).describe(), "area 9")
        self.assertEqual(Square(3).area(), 9)
        with self.assertRaises(TypeError):
            Shape()

        class Rich(Account):
            def __init__(self, owner):
                super().__init__(owner, 100)

            def deposit(self, amount, *, note=None):
                return super().deposit(amount * 2, note=note)

        rich = Rich("r")
        self.assertEqual(rich.deposit(1).balance, 102)
        self.assertIsInstance(rich, Account)


class PatchesTest(unittest.TestCase):
    def test_print_and_input(self):
        with mock.patch("builtins.input", return_value="Bob") as asked, mock.patch("builtins.print") as printed:
            things.greet()
        asked.assert_called_once_with("Name? ")
        printed.assert_called_once_with("Hello", "Bob")

    @mock.patch("builtins.input", side_effect=["Eve"])
    def test_captured_output(self, _):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            things.greet()
        self.assertEqual(out.getvalue(), "Hello Eve\n")

    def test_standard_input(self):
        with mock.patch("sys.stdin", io.StringIO("Zoe\n")), mock.patch("sys.stdout", new_callable=io.StringIO) as out:
            things.greet()
        self.assertEqual(out.getvalue(), "Name? Hello Zoe\n")

    def test_standard_error(self):
        with contextlib.redirect_stderr(io.StringIO()) as err:
            things.complain()
        self.assertEqual(err.getvalue(), "bad\n")

    def test_attributes_of_the_submission(self):
        with mock.patch("things.greeting", return_value="yo") as fake:
            self.assertEqual(things.call_helper(), "yo!")
        fake.assert_called_once_with()
        self.assertEqual(things.call_helper(), "hi!")
        with mock.patch.object(things.Service, "helper", return_value="fake"):
            self.assertEqual(things.Service(None).use_helper(), "fake")
        self.assertEqual(things.Service(None).use_helper(), "real")

    def test_attributes_of_the_standard_library(self):
        with mock.patch("random.randint", return_value=6):
            self.assertEqual(things.roll(), 6)
        with mock.patch("things.random.randint", return_value=5):
            self.assertEqual(things.roll(), 5)
        with mock.patch("time.time", return_value=12.5):
            self.assertEqual(things.now(), 12.5)
        self.assertIn(things.roll(), range(1, 7))

    def test_seeds(self):
        random.seed(3)
        first = [things.roll() for _ in range(5)]
        random.seed(3)
        self.assertEqual(first, [things.roll() for _ in range(5)])
        random.seed(3)
        self.assertEqual(first, [random.randint(1, 6) for _ in range(5)])

    def test_injected_mocks(self):
        mailer = mock.Mock()
        mailer.send.return_value = "sent"
        self.assertEqual(things.Service(mailer).run("a@b"), "sent")
        mailer.send.assert_called_once_with("a@b", subject="Hi")

    def test_injected_context_managers(self):
        resource = mock.NonCallableMagicMock()
        resource.__exit__.side_effect = lambda kind, problem, trace: kind is not None
        with things.Guarded(resource) as guarded:
            guarded.use()
        resource.__exit__.assert_called_once_with(None, None, None)
        resource.use.side_effect = LookupError("gone")
        with things.Guarded(resource) as guarded:
            guarded.use()
        kind, problem, _ = resource.__exit__.call_args.args
        self.assertIs(kind, LookupError)
        self.assertEqual(str(problem), "gone")


class LaterTest(unittest.TestCase):
    def test_what_the_submission_keeps_and_changes_later_comes_back_changed(self):
        tree = things.Tree({"value": 1, "inner": {"value": 2}})
        tree.set_inner(5)
        self.assertEqual(tree.all(), {"value": 1, "inner": {"value": 5}})
        self.assertEqual(tree.copy(), {"value": 1, "inner": {"value": 5}})
        tree.set_inner(6)
        self.assertEqual(tree.all()["inner"], {"value": 6})

    def test_classes_of_the_standard_library_that_are_derived_from(self):
        self.assertTrue(issubclass(things.Metered, io.BufferedRandom))
        self.assertTrue(issubclass(things.Metered, (str, io.IOBase)))
        self.assertFalse(issubclass(things.Metered, dict))
        self.assertTrue(issubclass(things.Savings, things.Account))
