"""Mail by SMTP: plain text with an HTML twin, attachments, one message a key.

Owns: building the message and handing it to the server.
Leaves: when to try again to the job; the proof of sending to `sent_letters`.
Promises: a key that is in the ledger is not sent again; the ledger keeps no link that works
once. If the machine stops between the server's yes and the ledger, the second message carries the same Message-ID, by which the receiver
tells that it is one.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from engine.clock import Clock
from engine.settings import Mail as MailServer
from handlers.adapters.sent_letters import SentLetters
from handlers.ports import Mail, MailNotTaken


class SmtpMailer:
    """Sends by SMTP and notes each letter sent."""

    def __init__(self, server: MailServer, letters: SentLetters, clock: Clock) -> None:
        self._server, self._letters, self._clock = server, letters, clock

    def send(self, mail: Mail, *, once: str) -> None:
        """Send a mail; the same `once` sends once. Raises: MailNotTaken, when the server cannot be reached or refuses."""
        if self._letters.holds(once):
            return
        message = self._message(mail, once)
        try:
            with self._connect() as connection:
                connection.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotTaken(service="mail", host=self._server.host, reason=_reason(error)) from error
        self._letters.enter(once, mail.without_secrets())

    def _message(self, mail: Mail, once: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._server.sender, mail.to, " ".join(mail.subject.split())
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{hashlib.sha256(once.encode()).hexdigest()[:32]}@{self._domain()}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        message.add_alternative(as_html(mail), subtype="html")
        for attachment in mail.attachments:
            main, _, sub = attachment.media_type.partition("/")
            message.add_attachment(attachment.content, maintype=main, subtype=sub or "octet-stream", filename=attachment.name)
        message["Content-Language"] = mail.locale           # now, or the first part would take it along
        return message

    def _domain(self) -> str:
        return self._server.sender.rpartition("@")[2].strip("<> ") or "localhost"

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
        try:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password.get_secret_value())
        except BaseException:
            connection.close()
            raise
        return connection


def _reason(error: Exception) -> str:
    """What the server said, as it said it; else what the machine says."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_words(said)}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return str(error) or type(error).__name__


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def as_html(mail: Mail) -> str:
    """Write the HTML twin of a letter: paragraphs and line breaks, nothing loaded from elsewhere."""
    paragraphs = "\n".join(f"<p>{_lines(block.splitlines())}</p>" for block in mail.body.split("\n\n") if block.strip())
    return (f'<!doctype html>\n<html lang="{escape(mail.locale)}">\n'
            f'<head><meta charset="utf-8"><title>{escape(mail.subject)}</title></head>\n'
            f'<body style="font-family:sans-serif;line-height:1.5;max-width:40em">\n{paragraphs}\n</body></html>\n')


def _lines(lines: Sequence[str]) -> str:
    return "<br>\n".join(escape(line) for line in lines)
