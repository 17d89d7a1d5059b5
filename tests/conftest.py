"""What every test run begins with."""

import os
import sys

# The tests start some hundred processes. Each would compile the whole program again where this is
# forbidden by the environment; what was compiled once is the same for all of them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
