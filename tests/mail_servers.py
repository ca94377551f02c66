"""Mail servers on loopback for tests: an IMAP server that loses its connection on demand, and a
POP server. Both keep their mails in a list and speak as much as Python's clients ask."""

import contextlib
import re
import socketserver
import threading


class MailBox:
    """Mails of one account: bytes, and which are seen."""

    def __init__(self, mails=()):
        self.mails = list(mails)
        self.seen = set()
        self.fetched = []
        #: Close the connection instead of obeying this command, once.
        self.break_at = None

    def breaks(self, command):
        """Whether the connection is to break now."""
        if self.break_at == command:
            self.break_at = None
            return True
        return False


class _Imap(socketserver.StreamRequestHandler):
    def handle(self):
        box = self.server.box
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, _blank, command = line.decode().strip().partition(" ")
            words = command.upper().split()
            name = words[1] if words[0] == "UID" else words[0]
            if box.breaks(name):
                return
            handler = getattr(self, f"do_{name.lower()}", None)
            if handler:
                handler(box, command)
            self.wfile.write(f"{tag} OK done\r\n".encode())
            if name == "LOGOUT":
                return

    def do_capability(self, _box, _command):
        self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")

    def do_select(self, box, _command):
        self.wfile.write(f"* {len(box.mails)} EXISTS\r\n".encode())

    def do_search(self, box, _command):
        unseen = [str(uid + 1) for uid in range(len(box.mails)) if uid not in box.seen]
        self.wfile.write(f"* SEARCH {' '.join(unseen)}\r\n".encode())

    def do_fetch(self, box, command):
        uid = int(re.search(r"FETCH (\d+)", command, re.IGNORECASE).group(1)) - 1
        raw = box.mails[uid]
        box.fetched.append(uid)
        if "PEEK" not in command.upper():
            box.seen.add(uid)
        head = f"* {uid + 1} FETCH (UID {uid + 1} BODY[] {{{len(raw)}}}\r\n".encode()
        self.wfile.write(head + raw + b")\r\n")

    def do_store(self, box, command):
        uid = int(re.search(r"STORE (\d+)", command, re.IGNORECASE).group(1)) - 1
        box.seen.add(uid)

    def do_logout(self, _box, _command):
        self.wfile.write(b"* BYE\r\n")


class _Pop(socketserver.StreamRequestHandler):
    def handle(self):
        box, gone = self.server.box, set()
        self.wfile.write(b"+OK ready\r\n")
        while line := self.rfile.readline():
            words = line.decode().split()
            name = words[0].upper()
            if box.breaks(name):
                return
            if name == "LIST":
                left = [uid for uid in range(len(box.mails)) if uid not in box.seen]
                lines = "".join(f"{uid + 1} {len(box.mails[uid])}\r\n" for uid in left)
                self.wfile.write(f"+OK\r\n{lines}.\r\n".encode())
                continue
            if name == "RETR":
                uid = int(words[1]) - 1
                box.fetched.append(uid)
                raw = re.sub(rb"(?m)^\.", b"..", re.sub(rb"\r?\n", b"\r\n", box.mails[uid]))
                self.wfile.write(b"+OK\r\n" + raw + b"\r\n.\r\n")
                continue
            if name == "DELE":
                gone.add(int(words[1]) - 1)
            if name == "QUIT":
                # Only now are they gone (RFC 1939).
                box.seen |= gone
                self.wfile.write(b"+OK\r\n")
                return
            self.wfile.write(b"+OK\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def serve(kind, box):
    """Serve ``box`` as "imap" or "pop"; gives the port."""
    server = _Server(("127.0.0.1", 0), {"imap": _Imap, "pop": _Pop}[kind])
    server.box = box
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
