"""The planted fault: a service that does not look whether somebody has an alert already, as a
check before the transaction would not see it. Everything else is the real command."""

from triage.casework import alert_acts
from triage.cli import main

if __name__ == "__main__":
    alert_acts.held_with = lambda writing, alert, kind: bool(kind)  # type: ignore[assignment]
    main()
