"""A mail server that takes whatever comes and keeps it: for tests, on loopback alone.

`says` gives other answers than a good one, by command (`{"RCPT": "550 no such mailbox"}`); `hold` is called when a whole
mail has come in and before that is acknowledged, which is where a client that dies makes a second copy.
"""

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable
from contextlib import contextmanager

GREETING = "220 sink ready"


class Sink(socketserver.ThreadingTCPServer):
    """What came in, in its order, each as bytes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.port = self.server_address[1]
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.says: dict[str, str] = {}
        self.hold: Callable[[], None] = lambda: None

    @property
    def mails(self):
        """The same, read."""
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw]

    def handle_error(self, request, client_address):
        """A client that was killed is what some tests are about."""


class _Conversation(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self):
        self._say(self.server.says.get("greeting", GREETING))
        while line := self.rfile.readline(2000):
            command = line.strip().decode("latin-1")
            verb = command[:4].upper()
            if verb == "DATA" and "DATA" not in self.server.says:
                self._take()
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                if verb == "RCPT":
                    self.server.recipients.append(command)
                self._say(self.server.says.get(verb, "250 ok"))

    def _take(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.raw.append(b"".join(lines))
        self.server.hold()
        self._say(self.server.says.get("end", "250 taken"))

    def _say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def sink():
    """A running one."""
    server = Sink()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
