import datetime
import io
import os
import sys
import unittest
import contextlib
from unittest import mock
from unittest.mock import patch, mock_open, MagicMock, PropertyMock, call
import pytest
import doubles


class DoublesTest(unittest.TestCase):
    @patch("builtins.input", side_effect=["3", "4"])
    def test_input(self, fake):
        self.assertEqual(doubles.ask(), 7)
        fake.assert_any_call("n? ")

    @patch("builtins.print")
    def test_print(self, fake):
        doubles.show(1, 2)
        fake.assert_called_once_with(1, 2, sep="-")

    @patch("sys.stdout", new_callable=io.StringIO)
    def test_stdout(self, out):
        doubles.show(1, 2)
        self.assertEqual(out.getvalue(), "1-2\n")

    def test_redirect(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            doubles.show("a")
        self.assertEqual(out.getvalue(), "a\n")

    def test_open(self):
        with patch("builtins.open", mock_open(read_data="abc")) as m:
            self.assertEqual(doubles.load("f.txt"), "ABC")
        m.assert_called_once_with("f.txt")

    def test_open_mod(self):
        with patch("doubles.open", mock_open(read_data="abc"), create=True):
            self.assertEqual(doubles.load("f.txt"), "ABC")

    def test_save(self):
        m = mock_open()
        with patch("builtins.open", m):
            doubles.save("o.txt", "hey")
        m.assert_called_once_with("o.txt", "w")
        m().write.assert_called_once_with("hey")

    def test_sleep(self):
        with patch("time.sleep") as s:
            self.assertEqual(doubles.wait(), "done")
        s.assert_called_with(3)
        with patch("doubles.sleep") as s:
            doubles.wait()
        s.assert_called_once_with(5)

    def test_date(self):
        with patch("doubles.datetime") as dt:
            dt.date.today.return_value = datetime.date(2020, 1, 1)
            self.assertEqual(doubles.today(), datetime.date(2020, 1, 1))

    def test_env(self):
        with patch.dict(os.environ, {"MODE": "test"}):
            self.assertEqual(doubles.env(), "test")
        self.assertEqual(doubles.env(), "none")

    def test_const(self):
        with patch("doubles.RATE", 10):
            self.assertEqual(doubles.double(), 20)
        with patch.object(doubles, "RATE", 5):
            self.assertEqual(doubles.double(), 10)
        self.assertEqual(doubles.double(), 4)

    def test_dict(self):
        with patch.dict("doubles.DATA", {"a": 9}):
            self.assertEqual(doubles.use_data(), 9)
        self.assertEqual(doubles.use_data(), 1)
        with patch.dict(doubles.DATA, {"a": 8}):
            self.assertEqual(doubles.use_data(), 8)

    def test_prop(self):
        with patch.object(doubles.Thermo, "temp", new_callable=PropertyMock, return_value=30):
            self.assertEqual(doubles.Thermo().read(), 31)
        with patch("doubles.Thermo.read", return_value=5):
            self.assertEqual(doubles.Thermo().read(), 5)
        self.assertEqual(doubles.Thermo().read(), 21)
        self.assertEqual(doubles.Thermo.st(3), 3)
        self.assertEqual(doubles.Thermo.cl(), "Thermo")

    def test_client(self):
        with patch.object(doubles.Client, "fetch", return_value=[{"t": "x"}]) as f:
            self.assertEqual(doubles.Service().titles(), ["x"])
        f.assert_called_once_with("u")
        with patch("doubles.Client") as C:
            C.return_value.fetch.return_value = [{"t": "y"}]
            self.assertEqual(doubles.Service().titles(), ["y"])
        c = MagicMock()
        c.fetch.side_effect = ConnectionError("down")
        with self.assertRaises(ConnectionError):
            doubles.Service(c).titles()
        c = mock.create_autospec(doubles.Client, instance=True)
        c.fetch.return_value = []
        self.assertEqual(doubles.Service(c).titles(), [])

    def test_random(self):
        with patch("random.random", return_value=0.5):
            self.assertEqual(doubles.rnd(), 0.5)
        with patch("doubles.random.choice", side_effect=[2, 3]):
            self.assertEqual([doubles.choice(), doubles.choice()], [2, 3])
        with patch("random.choice", lambda xs: xs[-1]):
            self.assertEqual(doubles.choice(), 3)

    @patch("builtins.input", side_effect=["Ann", "Bob", "q"])
    def test_main(self, _):
        with patch("sys.stdout", new=io.StringIO()) as out:
            doubles.main()
        self.assertEqual(out.getvalue().split("\n"), ["Hi Ann", "Hi Bob", ""])

    def test_argv(self):
        with patch.object(sys, "argv", ["x", "1", "2"]):
            self.assertEqual(doubles.args(), ["1", "2"])
        with patch("sys.stdin", io.StringIO("a\nb\n")):
            self.assertEqual(doubles.lines(), ["a", "b"])

    def test_exit(self):
        with self.assertRaises(SystemExit) as e:
            doubles.stop()
        self.assertEqual(e.exception.code, 3)

    def test_hof(self):
        self.assertEqual(doubles.compose(lambda x: x + 1, str)(3), "4")
        self.assertEqual(doubles.apply(max, [1, 3], key=lambda v: -v), 1)
        self.assertEqual(doubles.sort_by(["bb", "a"], len), ["a", "bb"])
        self.assertEqual(doubles.apply(dict, a=1), {"a": 1})
        calls = []
        f = doubles.memo(lambda n: calls.append(n) or n * 2)
        self.assertEqual((f(2), f(2)), (4, 4))
        self.assertEqual(calls, [2])

    def test_mutate(self):
        d = {}
        doubles.mutate(d)
        self.assertEqual(d, {"x": 1, "l": [2]})
        xs = [1, 2, 3]
        doubles.swap(xs)
        self.assertEqual(xs, [3, 2, 1])
        self.assertEqual(doubles.default(1), [1])
        self.assertEqual(doubles.default(2), [1, 2])

    def test_spy(self):
        with patch("doubles.fact", wraps=doubles.fact) as spy:
            self.assertEqual(doubles.fact(3), 6)
        self.assertGreaterEqual(spy.call_count, 1)


def test_monkey(monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda *_: "5")
    assert doubles.ask() == 10
    monkeypatch.setattr(doubles, "RATE", 7)
    assert doubles.double() == 14
    monkeypatch.setenv("MODE", "m")
    assert doubles.env() == "m"
    doubles.show("x")
    doubles.err()
    got = capsys.readouterr()
    assert got.out == "x\n" and got.err == "bad\n"
    monkeypatch.setattr(doubles.random, "random", lambda: 0.25)
    assert doubles.rnd() == 0.25


def test_files(tmp_path):
    f = tmp_path / "a.txt"
    f.write_text("hey")
    assert doubles.load(f) == "HEY"
    doubles.save(tmp_path / "b.txt", "yo")
    assert (tmp_path / "b.txt").read_text() == "yo"


def test_files_here():
    with open("c.txt", "w") as f:
        f.write("q")
    assert doubles.load("c.txt") == "Q"
    doubles.save("d.txt", "w")
    assert open("d.txt").read() == "w"
    assert os.path.exists("d.txt")


@pytest.mark.parametrize("n,e", [(0, 1), (5, 120)])
def test_fact(n, e):
    assert doubles.fact(n) == e


def test_raises():
    with pytest.raises(RuntimeError, match="no net"):
        doubles.Client().fetch("x")


def test_files_that_the_submission_may_not_plant():
    doubles.save("planted.py", "raise SystemExit")
    if not os.path.exists("planted.py"):  # beside the code it is there, as in any Python
        with pytest.raises(ModuleNotFoundError):
            import planted  # noqa: F401
