"""Looking for emergencies while somebody types."""

from dataclasses import dataclass, field
from threading import Event, Thread

from triage.desk.client import Client
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present.desk import AlertSheet

EVERY = 5.0  # seconds between two looks


@dataclass
class Watch:
    """Looks for emergencies in a thread of its own, so that no typing waits for a slow line."""

    client: Client
    every: float = EVERY
    latest: AlertSheet | None = None
    _over: Event = field(default_factory=Event)

    def begin(self) -> None:
        """Look again and again, until ``end``."""
        Thread(target=self._run, daemon=True).start()

    def end(self) -> None:
        """Look no more."""
        self._over.set()

    def take(self) -> AlertSheet | None:
        """What was found since this was last asked."""
        found, self.latest = self.latest, None
        return found

    def _run(self) -> None:
        while not self._over.wait(self.every):
            try:
                self.latest = self.client.alerts(renewing=True)
            except (Unreachable, NotAllowed, InputError):
                continue  # whoever asks next hears it
