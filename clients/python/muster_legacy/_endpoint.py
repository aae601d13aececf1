"""From clientInfo and the client's attributes to where and how to connect."""

from typing import NamedTuple, Optional
from urllib.parse import urlsplit

from muster_legacy import _problems
from muster_legacy._problems import problem


class Tls(NamedTuple):
    """What `NorthApiClient` documents under the same names."""

    verifyCertificate: bool
    verifyHostName: bool
    caFile: Optional[str]
    certFile: Optional[str]
    keyFile: Optional[str]
    keyPassword: Optional[str]


class Endpoint(NamedTuple):
    """Connections to equal endpoints are shared. `tls` is None for plain HTTP."""

    host: str
    port: int
    prefix: str
    tls: Optional[Tls]


_TRUTHS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def readBool(name, value):
    if isinstance(value, bool):
        return value
    found = _TRUTHS.get(str(value).strip().lower())
    if found is None:
        raise problem(_problems.CLIENT_INFO, f"{name} is neither true nor false.")
    return found


def readSeconds(name, value):
    """None: no limit."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise problem(_problems.CLIENT_INFO, f"{name} is no number of seconds above 0.")
    return seconds


def readEndpoint(settings):
    """`settings`: a dict of what `NorthApiClient` calls its settings, and platformIp and platformPort."""
    scheme, host, port, prefix = _address(settings)
    tls = _tls(settings) if scheme == "https" else None
    return Endpoint(host, port, prefix, tls)


def _address(settings):
    baseUrl = settings["baseUrl"]
    if baseUrl is None:
        return "https", _bare(settings["platformIp"]), _port(settings["platformPort"]), ""
    try:
        url = urlsplit(str(baseUrl))
        port = url.port
    except ValueError as error:
        raise problem(_problems.CLIENT_INFO, f"baseUrl: {error}.") from error
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment or url.username:
        raise problem(_problems.CLIENT_INFO, "baseUrl is http(s)://host[:port][/prefix].")
    return url.scheme, url.hostname, port or (443 if url.scheme == "https" else 80), url.path.rstrip("/")


def _bare(host):
    """IPv6 addresses may come in brackets."""
    text = str(host).strip()
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def _port(value):
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise problem(_problems.CLIENT_INFO, "platformPort is a number from 1 to 65535.")
    return int(text)


def _tls(settings):
    return Tls(
        verifyCertificate=readBool("verifyCertificate", settings["verifyCertificate"]),
        verifyHostName=readBool("verifyHostName", settings["verifyHostName"]),
        caFile=settings["caFile"],
        certFile=settings["certFile"],
        keyFile=settings["keyFile"],
        keyPassword=settings["keyPassword"],
    )
