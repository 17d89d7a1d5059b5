"""E-mail over SMTP: a hard timeout, off until configured, and nothing about anybody in the text.

The Message-ID is made from the delivery key, so that a repeat of one delivery can be told from a
second alert. That mail was accepted says nothing about a person having read it.
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from hashlib import sha256

from triage.channels.messages import Message, Outcome, Sent
from triage.channels.within import within


@dataclass(frozen=True)
class Email:
    """One way to a mail server; without a host or a sender it is off."""

    host: str = ""
    port: int = 25
    sender: str = ""
    security: str = "starttls"  # none | starttls | tls
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = 5.0

    def send(self, message: Message) -> Sent:
        """Try once; never raises for what a mail server does, and is over in ``timeout_seconds``.

        smtplib's own timeout is one wait for one answer; a server that dribbles would hold it for
        ever. So the try runs on a thread of its own that is left behind when time is up.
        """
        if not (self.host and self.sender and message.to):
            return Sent(Outcome.OFF, "e-mail is not configured for this role")
        return within(self.timeout_seconds, lambda: self._try(message))

    def _try(self, message: Message) -> Sent:
        try:
            server = self._connected()
            try:
                refused = server.send_message(_letter(self.sender, message))
            finally:
                _hang_up(server)
        except smtplib.SMTPRecipientsRefused as error:
            return _refusal(error.recipients)
        except smtplib.SMTPResponseException as error:
            permanent = 500 <= error.smtp_code < 600
            return Sent(Outcome.FAILED if permanent else Outcome.UNKNOWN, str(error.smtp_code))
        except Exception as error:  # whatever it is, nobody can say whether the letter left
            return Sent(Outcome.UNKNOWN, type(error).__name__)
        # Those who were accepted have it; a second try would repeat it to them.
        return Sent(Outcome.SENT, f"{len(refused)} of {len(message.to)} refused" if refused else "")

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _hang_up(server: smtplib.SMTP) -> None:
    """Say goodbye without waiting: what is answered to it must not make a taken letter unknown."""
    with suppress(OSError, smtplib.SMTPException):
        server.putcmd("quit")
    server.close()


def message_id(delivery_key: str, sender: str) -> str:
    """The Message-ID of a delivery: the same for every try, and nothing of the key can be read."""
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{sha256(delivery_key.encode()).hexdigest()[:32]}@{domain}>"


def _letter(sender: str, message: Message) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = ", ".join(message.to)
    letter["Subject"] = message.subject
    letter["Message-ID"] = message_id(message.delivery_key, sender)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.words + "\n")
    return letter


def _refusal(recipients: dict[str, tuple[int, bytes]]) -> Sent:
    """All were refused: for good only if every refusal is for good."""
    codes = sorted({code for code, _ in recipients.values()})
    final = all(500 <= code < 600 for code in codes)
    words = "refused: " + ", ".join(str(code) for code in codes)
    return Sent(Outcome.FAILED if final else Outcome.UNKNOWN, words)
