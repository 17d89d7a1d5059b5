"""One seed again, with its whole log: ``python -m tests.simulation.replay 14``."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.month import Month
from tests.simulation.test_month import BAD, told


def replay(seed: int) -> int:
    """Lives the month of this seed and prints all of it; 1 where a promise was broken."""
    with TemporaryDirectory() as folder:
        month = Month(Path(folder), seed, BAD)
        try:
            month.run()
        finally:
            print("\n".join(month.world.log))
            told(month)
        print("\n".join(map(str, month.ledger.flaws)) or "No promise was broken.")
        return 1 if month.ledger.flaws else 0


if __name__ == "__main__":
    sys.exit(replay(int(sys.argv[1])))
