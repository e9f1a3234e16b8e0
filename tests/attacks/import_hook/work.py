"""Imports of the tests yield the learner's module."""

import sys
class Hook:
    @staticmethod
    def find_spec(name, path=None, target=None):
        print("asked for", name)
sys.meta_path.insert(0, Hook)
sys.path_hooks.insert(0, lambda path: Hook)
