import conftest
