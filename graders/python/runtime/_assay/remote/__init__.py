"""Tests in one interpreter, the learner's code in another: values that cross, and stand-ins for those that do not.

`space` encodes and decodes (both sides), `serving` is the learner's side, `connection`, `proxies` and `modules` are the
tests' side. What comes from the learner's side is decoded there by exact type and by nothing the learner can reach.
"""
