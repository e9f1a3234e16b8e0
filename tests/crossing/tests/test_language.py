import asyncio
import collections
import copy
import datetime
import decimal
import dataclasses
import enum
import functools
import inspect
import itertools
import typing
import unittest
import warnings
import language
from language import agen, ACM, co, typed, gen, add, raises_group, chain
from language import R, Stack, D, P, T, E, F, Base, Err


class LanguageTest(unittest.TestCase):
    def test_pow(self):
        self.assertEqual(R(1, 2) ** 2, R(1, 4))
        self.assertAlmostEqual(8 ** R(1, 3), 2.0)

    def test_sum(self):
        self.assertEqual(sum([R(1, 2), R(1, 4)]), R(3, 4))
        self.assertEqual(sum([R(1), R(2)], R(0)), R(3))

    def test_unary(self):
        self.assertEqual(-R(1), R(-1))
        self.assertEqual(abs(R(-1)), R(1))
        self.assertFalse(R(0))
        self.assertTrue(R(1))

    def test_convert(self):
        self.assertEqual(float(R(1, 2)), 0.5)
        self.assertEqual(int(R(7, 2)), 3)
        self.assertEqual(round(R(5, 3), 1), 1.7)
        self.assertEqual(f"{R(1):abc}", "<abc>")
        self.assertEqual(divmod(R(1), R(2)), (1, 2))

    def test_order(self):
        self.assertEqual(sorted([R(3), R(1), R(2)]), [R(1), R(2), R(3)])
        self.assertEqual(max([R(1), R(3)]), R(3))
        self.assertLess(R(1), R(2))
        self.assertTrue(R(1) < R(2) < R(3))
        self.assertGreaterEqual(R(2), R(2))

    def test_sets(self):
        self.assertEqual(len({R(1), R(1), R(2)}), 2)
        self.assertEqual({R(1): "a"}[R(1)], "a")
        self.assertIn(R(1), [R(1)])
        self.assertCountEqual([R(1), R(2)], [R(2), R(1)])

    def test_stack(self):
        s = Stack(1, 2, 3)
        self.assertEqual(list(reversed(s)), [3, 2, 1])
        self.assertEqual(s[1:], [2, 3])
        self.assertEqual(s[-1], 3)
        del s[0]
        s[0] = 9
        s += [4]
        self.assertEqual(list(s), [9, 3, 4])
        self.assertIn(4, s)
        a, b, c = s
        self.assertEqual(b, 3)
        self.assertEqual([*s, 5], [9, 3, 4, 5])
        with self.assertRaises(IndexError):
            s[10]

    def test_dataclass(self):
        d = D(1, 2)
        self.assertEqual(dataclasses.asdict(d), {"x": 1, "y": 2, "tags": []})
        self.assertEqual(dataclasses.replace(d, x=5), D(5, 2))
        self.assertEqual([f.name for f in dataclasses.fields(D)], ["x", "y", "tags"])
        self.assertTrue(dataclasses.is_dataclass(D))
        self.assertEqual(repr(d), "D(x=1, y=2, tags=[])")
        self.assertLess(D(1), D(2))
        self.assertEqual(dataclasses.astuple(d), (1, 2, []))
        self.assertEqual(vars(d), {"x": 1, "y": 2, "tags": []})
        self.assertEqual(D.__doc__, "A point.")

    def test_namedtuple(self):
        p = P(1, 2)
        self.assertEqual(p, (1, 2))
        self.assertEqual(p._replace(a=3), P(3, 2))
        self.assertEqual(p._asdict(), {"a": 1, "b": 2})
        self.assertEqual(P._fields, ("a", "b"))
        x, y = p
        self.assertEqual(y, 2)
        self.assertEqual(T(1).b, "x")
        self.assertIsInstance(p, tuple)

    def test_enum(self):
        self.assertEqual([e.name for e in E], ["A", "B"])
        self.assertIs(E(1), E.A)
        self.assertIs(E["B"], E.B)
        self.assertIsInstance(E.A, enum.Enum)
        self.assertEqual(len(E), 2)
        self.assertIn(E.A, E)
        self.assertEqual(F.X | F.Y, F.X | F.Y)
        self.assertIn(F.X, F.X | F.Y)
        self.assertNotEqual(E.A, E.B)
        self.assertTrue(issubclass(E, enum.Enum))
        self.assertEqual({E.A: 1}[E.A], 1)
        with self.assertRaises(ValueError):
            E(9)

    def test_abstract(self):
        with self.assertRaises(TypeError):
            Base()

        class Mine(Base):
            def f(self):
                return "mine"

        self.assertEqual(Mine().g(), "gmine")
        self.assertTrue(inspect.isabstract(Base))
        self.assertTrue(issubclass(Mine, Base))

    def test_warn(self):
        with self.assertWarns(DeprecationWarning):
            language.warn()
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            language.warn()
        self.assertEqual(str(seen[0].message), "old")

    def test_logs(self):
        with self.assertLogs() as logs:
            language.logit()
        self.assertEqual(logs.output, ["WARNING:language:careful 1", "ERROR:other:bad"])
        with self.assertLogs("language", level="WARNING") as logs:
            language.logit()
        self.assertEqual(logs.output, ["WARNING:language:careful 1"])
        self.assertEqual(logs.records[0].levelname, "WARNING")

    def test_deco(self):
        @language.deco
        def f(x):
            """Doc f."""
            return x * 2

        self.assertEqual(f(3), 7)
        self.assertEqual(f.__name__, "f")
        self.assertEqual(f.__doc__, "Doc f.")

    def test_gen(self):
        self.assertEqual(list(gen(3)), [0, 1, 2])
        g = gen(2)
        self.assertEqual(next(g), 0)
        self.assertEqual(next(g), 1)
        with self.assertRaises(StopIteration):
            next(g)
        self.assertTrue(inspect.isgenerator(gen(1)))
        self.assertTrue(inspect.isgeneratorfunction(gen))
        self.assertEqual(list(itertools.islice(gen(10), 2)), [0, 1])
        self.assertEqual(sum(gen(4)), 6)
        self.assertEqual(dict(zip("ab", gen(2))), {"a": 0, "b": 1})
        self.assertEqual(",".join(map(str, gen(3))), "0,1,2")

    def test_signature(self):
        self.assertEqual(str(inspect.signature(typed)), "(a: int, b: str = 'q', *, c: float = 1.0) -> list[int]")
        self.assertEqual(typed.__doc__, "Doc.")
        self.assertEqual(typed.__name__, "typed")
        self.assertEqual(list(inspect.signature(typed).parameters), ["a", "b", "c"])
        self.assertEqual(typing.get_type_hints(typed)["a"], int)
        self.assertEqual(typed.__annotations__["b"], str)
        self.assertEqual(typed.__defaults__, ("q",))
        self.assertTrue(callable(typed))
        self.assertTrue(inspect.isfunction(typed))

    def test_async(self):
        async def main():
            got = [i async for i in agen()]
            async with ACM() as x:
                got.append(x)
            got.append(await co(1))
            got += await asyncio.gather(co(2), co(3))
            return got

        self.assertEqual(asyncio.run(main()), [0, 1, 2, 7, 2, 3, 4])
        self.assertTrue(inspect.iscoroutinefunction(co))

    def test_errors(self):
        with self.assertRaises(ExceptionGroup) as e:
            raises_group()
        self.assertEqual(len(e.exception.exceptions), 2)
        self.assertIsInstance(e.exception.exceptions[0], ValueError)
        with self.assertRaises(Err) as e:
            chain()
        self.assertEqual(e.exception.code, 3)
        self.assertEqual(str(e.exception), "three")
        self.assertIsInstance(e.exception.__cause__, ZeroDivisionError)
        self.assertEqual(e.exception.args, ("three",))
        self.assertEqual(repr(Err(1, "m")), "Err('m')")
        try:
            chain()
        except Exception as p:
            self.assertEqual(type(p).__name__, "Err")

    def test_reduce(self):
        self.assertEqual(functools.reduce(add, [1, 2, 3]), 6)
        self.assertEqual(list(map(add, [1, 2], [3, 4])), [4, 6])
        self.assertEqual(functools.partial(add, 1)(2), 3)

    def test_meta(self):
        class Q(language.Plug):
            pass

        self.assertIn("Plug", language.Meta.registry)
        self.assertIn("Q", language.Meta.registry)

    def test_single(self):
        self.assertIs(language.Single(), language.Single())

    def test_desc(self):
        h = language.HasDesc()
        h.v = 3
        self.assertEqual(h.v, 3)
        with self.assertRaises(ValueError):
            h.v = -1
        with self.assertRaises(AttributeError):
            h.other = 1

    def test_copy(self):
        s = Stack(1, [2])
        c = copy.copy(s)
        d = copy.deepcopy(s)
        d.items[1].append(3)
        self.assertEqual(s.items, [1, [2]])
        self.assertEqual(type(c).__name__, "Stack")

    def test_module(self):
        self.assertEqual(language.__doc__, "More of what tests make of a submission.")
        self.assertIn("gen", dir(language))
        self.assertTrue(hasattr(language, "gen"))
        self.assertFalse(hasattr(language, "nope"))
        self.assertEqual(language.__name__, "language")

    def test_members(self):
        self.assertIn("__len__", dir(Stack))
        self.assertTrue(hasattr(Stack(1), "items"))
        self.assertEqual(getattr(Stack(1), "nope", 5), 5)
        self.assertTrue(inspect.isclass(Stack))
        self.assertEqual(Stack.__name__, "Stack")
        self.assertEqual(type(Stack()).__name__, "Stack")
        self.assertIs(type(Stack()), Stack)
        self.assertIsInstance(Stack(), Stack)
        self.assertNotIsInstance(Stack(), R)

    def test_classes_derived_from_plain_ones_of_the_standard_library(self):
        self.assertEqual(language.Money("1.5"), decimal.Decimal("1.5"))
        self.assertEqual(language.Money("1") + language.Money("2"), 3)
        self.assertEqual(language.Day(2026, 1, 2), datetime.date(2026, 1, 2))
        self.assertNotEqual(language.Day(2026, 1, 2), datetime.date(2026, 1, 3))
        self.assertEqual(language.recent(), collections.deque([1, 2]))
        self.assertNotEqual(language.recent(), collections.deque([1, 3]))

    def test_an_exception_of_the_test_reaches_a_context_manager(self):
        with self.assertRaises(LookupError):
            with language.passing() as value:
                self.assertEqual(value, "v")
                raise LookupError
