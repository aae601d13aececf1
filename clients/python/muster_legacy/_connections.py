"""HTTP over connections that are kept between calls. Safe with threads; a forked child opens its own."""

import atexit
import http.client
import os
import select
import ssl
import threading
import time
from typing import Any, Dict, NamedTuple, Optional

from muster_legacy import _problems
from muster_legacy._problems import problem

_IDLE_PER_ENDPOINT_MAX = 8
# Node.js closes after 5 s unless it announces something else.
_IDLE_SECONDS_DEFAULT = 4.0
_IDLE_SECONDS_MAX = 60.0


class Request(NamedTuple):
    """`body`: None, bytes, or an iterable of bytes whose length the headers say."""

    method: str
    target: str
    headers: Dict[str, str]
    body: Any = None


class Reply(NamedTuple):
    status: int
    reason: str
    body: bytes


class _Idle(NamedTuple):
    connection: http.client.HTTPConnection
    expires: float


class Connections:
    def __init__(self):
        self._lock = threading.Lock()
        self._idle = {}
        self._contexts = {}

    def leaveToParent(self):
        """In a forked child the sockets are the parent's: a closed copy tells the server nothing, a farewell would."""
        self._lock = threading.Lock()
        for each in [each for kept in self._idle.values() for each in kept]:
            if each.connection.sock is not None:
                os.close(each.connection.sock.detach())
        self._idle = {}

    def close(self):
        """Closes what no call is using. Certificate files are read anew afterwards."""
        with self._lock:
            idle = [each for kept in self._idle.values() for each in kept]
            self._idle = {}
            self._contexts = {}
        for each in idle:
            each.connection.close()

    def exchange(self, endpoint, request, timeout) -> Reply:
        kept = self._takeIdle(endpoint)
        if kept is not None:
            try:
                return self._exchangeOn(kept, endpoint, request, timeout)
            except _LostConnection as lost:
                # The server may have closed it at the same moment. Only what changes nothing is sent a second time.
                if request.method != "GET":
                    raise lost.problem from lost.__cause__
        try:
            return self._exchangeOn(self._open(endpoint, timeout), endpoint, request, timeout)
        except _LostConnection as lost:
            raise lost.problem from lost.__cause__

    def _exchangeOn(self, connection, endpoint, request, timeout):
        response = None
        try:
            connection.timeout = timeout
            if connection.sock is not None:
                connection.sock.settimeout(timeout)
            _send(connection, endpoint.prefix + request.target, request)
            response = connection.getresponse()
            reply = Reply(response.status, response.reason, response.read())
        except Exception as error:
            connection.close()
            raise _described(error, endpoint, response) from error
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._keep(endpoint, connection, response.getheader("Keep-Alive"))
        return reply

    def _open(self, endpoint, timeout):
        if endpoint.tls is None:
            return http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=timeout)
        context = self._contextOf(endpoint.tls)
        return http.client.HTTPSConnection(endpoint.host, endpoint.port, timeout=timeout, context=context)

    def _contextOf(self, tls):
        with self._lock:
            context = self._contexts.get(tls)
            if context is None:
                context = self._contexts[tls] = _makeContext(tls)
            return context

    def _takeIdle(self, endpoint):
        with self._lock:
            kept = self._idle.get(endpoint, [])
            while kept:
                each = kept.pop()
                if time.monotonic() < each.expires and not _isReadable(each.connection.sock):
                    return each.connection
                each.connection.close()
        return None

    def _keep(self, endpoint, connection, keepAlive):
        expires = time.monotonic() + _idleSeconds(keepAlive)
        with self._lock:
            kept = self._idle.setdefault(endpoint, [])
            kept.append(_Idle(connection, expires))
            surplus = kept.pop(0) if len(kept) > _IDLE_PER_ENDPOINT_MAX else None
        if surplus is not None:
            surplus.connection.close()


def _send(connection, target, request):
    try:
        connection.request(request.method, target, request.body, request.headers)
    except BrokenPipeError:
        # The server has refused before it had read everything: its answer may be there to be read.
        pass


class _LostConnection(Exception):
    """It broke before anything of an answer came."""

    def __init__(self, known):
        super().__init__(known.message)
        self.problem = known


def _described(error, endpoint, response):
    where = f"{endpoint.host}:{endpoint.port}"
    detail = f"{where}: {type(error).__name__}: {error}"
    if response is not None:
        return problem(_problems.AFTER_CALL, detail, response.status, response.reason)
    if not isinstance(error, (OSError, ValueError, http.client.HTTPException)):
        return problem(_problems.INTERNAL, detail)
    known = problem(_problems.BEFORE_CALL, detail)
    return _LostConnection(known) if isinstance(error, (ConnectionError, http.client.BadStatusLine)) else known


def _isReadable(sock: Optional[Any]):
    """Nothing is expected on an idle connection but its end."""
    if sock is None:
        return True
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([sock], [], [], 0)[0])


def _idleSeconds(keepAlive):
    """A second less than the server announces, so that it never closes first."""
    for part in (keepAlive or "").split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "timeout" and value.isdigit():
            return min(max(int(value) - 1.0, 0.0), _IDLE_SECONDS_MAX)
    return _IDLE_SECONDS_DEFAULT


def _makeContext(tls):
    try:
        context = ssl.create_default_context(cafile=tls.caFile if tls.verifyCertificate else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if not tls.verifyCertificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        else:
            context.check_hostname = tls.verifyHostName
        if tls.caFile is not None:
            # X509_V_FLAG_PARTIAL_CHAIN: whoever names a server's own certificate as authority trusts that server.
            context.verify_flags |= ssl.VerifyFlags(0x80000)
        if tls.certFile is not None:
            # An empty password keeps OpenSSL from asking for one at the terminal.
            context.load_cert_chain(tls.certFile, tls.keyFile, tls.keyPassword or "")
        return context
    except (OSError, ValueError) as error:
        files = ", ".join(str(file) for file in (tls.caFile, tls.certFile, tls.keyFile) if file is not None)
        raise problem(_problems.CERTIFICATE_PATH, f"{files}: {error}.") from error


shared = Connections()
atexit.register(shared.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=shared.leaveToParent)
