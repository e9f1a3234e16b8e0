"""The exceptions with which a pytest-style test ends itself."""

from _assay.pristine import names as __builtins__


class OutcomeException(BaseException):
    """Base of the outcomes; not an Exception, so that the code under test does not catch it."""

    def __init__(self, msg=None, pytrace=True):
        super().__init__(msg or "")
        self.msg, self.pytrace = msg, pytrace


class Skipped(OutcomeException):
    """The test skipped itself."""

    def __init__(self, msg=None, pytrace=True, allow_module_level=False):
        super().__init__(msg, pytrace)
        self.allow_module_level = allow_module_level


class Failed(OutcomeException):
    """The test failed itself."""


class XFailed(Failed):
    """The test says that it fails for a known reason."""


for _kind in (Skipped, Failed, XFailed):
    _kind.__module__ = "builtins"
