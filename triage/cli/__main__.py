"""``python -m triage.cli`` is the same command, where ``triage`` itself is not installed."""

from triage.cli import main

main()
