"""What tests replace: input and output, time, randomness, files, the environment, collaborators."""

import datetime
import json
import os
import random
import sys
import time
from time import sleep

DATA = {"a": 1}
RATE = 2


class Thermo:
    @property
    def temp(self):
        return 20

    def read(self):
        return self.temp + 1

    @staticmethod
    def st(x):
        return x

    @classmethod
    def cl(cls):
        return cls.__name__


class Client:
    def fetch(self, url):
        raise RuntimeError("no network")


class Service:
    def __init__(self, client=None):
        self.client = client or Client()

    def titles(self):
        return [x["t"] for x in self.client.fetch("u")]


def ask():
    return int(input("n? ")) + int(input())


def show(*a):
    print(*a, sep="-")


def err():
    print("bad", file=sys.stderr)


def load(name):
    with open(name) as f:
        return f.read().upper()


def save(name, text):
    with open(name, "w") as f:
        f.write(text)


def today():
    return datetime.date.today()


def wait():
    sleep(5)
    time.sleep(3)
    return "done"


def env():
    return os.environ.get("MODE", "none")


def double():
    return RATE * 2


def rnd():
    return random.random()


def choice():
    return random.choice([1, 2, 3])


def main():
    name = input("Name: ")
    while name != "q":
        print(f"Hi {name}")
        name = input("Name: ")


def use_data():
    return DATA["a"]


def args():
    return sys.argv[1:]


def lines():
    return [line.strip() for line in sys.stdin]


def stop():
    sys.exit(3)


def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x

    return run


def apply(f, *a, **k):
    return f(*a, **k)


def sort_by(xs, key):
    return sorted(xs, key=key)


def memo(f):
    cache = {}

    def inner(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]

    return inner


def mutate(d):
    d["x"] = 1
    d.setdefault("l", []).append(2)


def swap(xs):
    xs[0], xs[-1] = xs[-1], xs[0]


def default(x, acc=[]):
    acc.append(x)
    return acc
