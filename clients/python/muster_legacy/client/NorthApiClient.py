from typing import Any, Optional

from muster_legacy import _problems
from muster_legacy._answer import Answer
from muster_legacy._checks import requireNoSpace
from muster_legacy._connections import Request, shared
from muster_legacy._encoding import membersOf
from muster_legacy._endpoint import readBool, readEndpoint, readSeconds
from muster_legacy._failures import failureOf
from muster_legacy._problems import problem
from muster_legacy._version import __version__
from muster_legacy.constant.Constant import Constant

_METHODS = ("GET", "POST", "PUT", "DELETE")
_MANDATORY = ("platformIp", "platformPort", "appId", "secret")


class NorthApiClient:
    """How the platform is reached. Set the attributes on the class for all calls, or on an instance that you hand to
    Authentication, BatchProcess or DeviceUpgrade. A setting that clientInfo has too is taken from there.
    """

    # Settings that a section of application.ini or a clientInfo may have, too.
    SETTINGS = (
        "baseUrl",
        "verifyCertificate",
        "verifyHostName",
        "caFile",
        "certFile",
        "keyFile",
        "keyPassword",
        "timeout",
    )

    # False: error answers are returned like any other, as the original does.
    raiseOnError: bool = True
    # What the calls without a clientInfo of their own use; None: application.ini.
    clientInfo: Optional[Any] = None
    # Takes the place of https://{platformIp}:{platformPort}; http is possible, a path prefix too.
    baseUrl: Optional[str] = None
    # False: any certificate is taken, and nothing protects secret and tokens from whoever sits in between.
    verifyCertificate: bool = True
    # False: the certificate is checked, but not whether it names the host.
    verifyHostName: bool = True
    # PEM file with the authorities, or the server's own certificate; None: those of the system.
    caFile: Optional[str] = None
    # The client's certificate and its key, PEM; the key may stand in certFile.
    certFile: Optional[str] = None
    keyFile: Optional[str] = None
    keyPassword: Optional[str] = None
    # Seconds for connecting, and for each silence of the server; None: no limit.
    timeout: Optional[float] = 60.0

    def currentClientInfo(self):
        """The clientInfo of the calls that take none, checked."""
        return self.checkedClientInfo(Constant().clientInfo() if self.clientInfo is None else self.clientInfo)

    def checkedClientInfo(self, clientInfo):
        """As a dict; what is missing is a NorthApiException with 1008."""
        info = membersOf(clientInfo)
        missing = [name for name in _MANDATORY if str(info.get(name, "")).strip() == "" and not self._replaces(name, info)]
        if missing:
            raise problem(_problems.CLIENT_INFO, f"Missing: {', '.join(missing)}.")
        requireNoSpace(appId=info["appId"], secret=info["secret"])
        return info

    def send(self, info, request: Request, members=()) -> Answer:
        """Sends to the platform that `info` names. `members`: those that the answer documents."""
        if request.method not in _METHODS:
            raise problem(_problems.METHOD, f"It is {request.method}.")
        settings = {name: info.get(name, getattr(self, name)) for name in self.SETTINGS}
        settings.update(platformIp=info.get("platformIp"), platformPort=info.get("platformPort"))
        headers = {"User-Agent": f"muster-legacy-python/{__version__}", "Accept": "application/json", **request.headers}
        timeout = readSeconds("timeout", settings["timeout"])
        reply = shared.exchange(readEndpoint(settings), request._replace(headers=headers), timeout)
        answer = Answer(_text(reply), reply.status, members)
        failure = failureOf(answer, reply.reason) if readBool("raiseOnError", self.raiseOnError) else None
        if failure is not None:
            raise failure
        return answer

    @staticmethod
    def close():
        """Closes the connections that are kept. Certificate files are read anew afterwards."""
        shared.close()

    def _replaces(self, name, info):
        return name.startswith("platform") and info.get("baseUrl", self.baseUrl) is not None


def _text(reply):
    try:
        return reply.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise problem(_problems.AFTER_CALL, f"It is not UTF-8: {error}.", reply.status, reply.reason) from error
