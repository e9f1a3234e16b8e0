"""Reads whatever files there are."""

import os
for folder, _, names in os.walk("/"):
    for name in names:
        print(folder, name)
        if "test" in name: print(open(os.path.join(folder, name)).read())
