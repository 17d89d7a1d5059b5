"""The real command with a patience of one second, so that a test need not wait for ten."""

from triage.cli import main
from triage.web import patience

if __name__ == "__main__":
    patience.READ_SECONDS = 1.0
    main()
