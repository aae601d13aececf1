"""Which answers are failures."""

from muster_legacy import _problems
from muster_legacy._problems import problem
from muster_legacy.client.NorthApiException import NorthApiException


def failureOf(answer, reason):
    """None, or the exception for an answer with `error_code` or a status of 400 or more."""
    status = answer.http_status
    try:
        body = answer.json()
    except ValueError:
        return problem(_problems.NOT_JSON, f"HTTP {status}.", status, reason, str(answer)) if status >= 400 else None
    if isinstance(body, dict) and body.get("error_code") is not None:
        return _answered(body, status, reason)
    return problem(_problems.STATUS, f"HTTP {status}.", status, reason, body) if status >= 400 else None


def _answered(body, status, reason):
    code = str(body["error_code"])
    description = body.get("error_desc")
    detail = body.get("error_detail")
    words = [code, description, detail and f"({detail})", f"(HTTP {status})"]
    message = " ".join(str(word) for word in words if word)
    return NorthApiException(message, code, description, status, reason, body)
