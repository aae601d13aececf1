"""An HTTP server on a free port of this machine, which keeps what it was sent and answers what it was told."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    method: str
    target: str
    headers: dict
    body: bytes
    # Which connection it came by: its port at the other end.
    connection: int


class Told(NamedTuple):
    status: int = 200
    body: bytes = b"{}"
    headers: tuple = ()


class PlainServer:
    def __init__(self):
        self.received = []
        self.told = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handlerOf(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handlerOf(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.received.append(Received(self.command, self.path, headers, body, self.client_address[1]))
            told = server.told.pop(0) if server.told else Told()
            self.send_response(told.status)
            for name, value in told.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, *_):
            pass

    return Handler
