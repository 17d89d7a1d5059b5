"""GOV.UK Notify: texts and e-mail, through its own client. It is read only when it is configured.

That Notify took a message says nothing about a telephone, and a telephone nothing about a person.
"""

import importlib
from dataclasses import dataclass, field
from typing import Any

from triage.channels.messages import Message, Outcome, Sent, together
from triage.channels.within import within

MOST_READ = 64 * 1024
_LATER = (408, 425, 429)
MISSING = "the extra notify is not installed"


@dataclass(frozen=True)
class Notify:
    """One template of one Notify service; without a key or a template it is off."""

    api_key: str = field(default="", repr=False)
    template: str = ""
    by_sms: bool = True
    base_url: str = "https://api.notifications.service.gov.uk"
    timeout_seconds: float = 5.0

    def send(self, message: Message) -> Sent:
        """Hand it over once for each address, all over in ``timeout_seconds``; never raises."""
        if not (self.api_key and self.template and message.to):
            return Sent(Outcome.OFF, "Notify is not configured for this role")
        return within(self.timeout_seconds, lambda: self._try(message))

    def _try(self, message: Message) -> Sent:
        try:
            client, errors = self._client()
        except ImportError:
            return Sent(Outcome.OFF, MISSING)

        def hand_over(address: str) -> Sent:
            try:
                self._hand_over(client, message, address)
            except errors.HTTPError as error:
                return _judged(error.status_code)
            return Sent(Outcome.SENT)

        return together([hand_over(address) for address in message.to])

    def _hand_over(self, client: Any, message: Message, address: str) -> None:
        if self.by_sms:
            said = {"message": message.words}
            client.send_sms_notification(address, self.template, said, message.reference)
        else:
            said = {"subject": message.subject, "message": message.words}
            client.send_email_notification(address, self.template, said, message.reference)

    def _client(self) -> tuple[Any, Any]:
        """A client of its own for each try: theirs is not safe to share between threads."""
        kind = importlib.import_module("notifications_python_client.notifications")
        errors = importlib.import_module("notifications_python_client.errors")
        client = kind.NotificationsAPIClient(
            self.api_key, base_url=self.base_url, timeout=self.timeout_seconds
        )
        client.request_session.max_redirects = 0
        client.request_session.stream = True
        client.request_session.hooks["response"].append(_read_some)
        return client, errors


def _read_some(response: Any, *args: Any, **named: Any) -> None:
    """Read an answer up to a limit; an endless one would fill this machine."""
    response._content = response.raw.read(MOST_READ, decode_content=True)
    response._content_consumed = True
    response.close()


def _judged(status: int) -> Sent:
    """The client says 503 also for a refused connection, a lost one and a time that was up."""
    later = status in _LATER or status >= 500
    return Sent(Outcome.UNKNOWN if later else Outcome.FAILED, str(status))
