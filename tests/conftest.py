"""What every test run begins with."""

import os
import sys

from hypothesis import HealthCheck, settings

# The tests start some hundred processes. Each would compile the whole program again where this is
# forbidden by the environment; what was compiled once is the same for all of them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long this machine takes for one example is no fault of what is tried: with CI set it is so
# anyway, and nobody who runs the tests by hand hears of a busy machine instead of a fault.
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")
