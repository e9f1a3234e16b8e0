"""Reads the environment and arguments."""

import os, sys
print(os.environ, sys.argv, sys.path, sys.flags)
if "ASSAY" in str(os.environ): raise SystemExit
