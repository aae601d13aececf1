"""What the client itself refuses or cannot do: code and sentence (docs/contract/legacy.md 14.2)."""

from muster_legacy.client.NorthApiException import NorthApiException

INTERNAL = "1001"
METHOD = "1002"
BEFORE_CALL = "1003"
AFTER_CALL = "1004"
STATUS = "1005"
CERTIFICATE_PATH = "1006"
EMPTY_INPUT = "1007"
CLIENT_INFO = "1008"
ACCESS_TOKEN = "1009"
SPACE = "1010"
NOT_JSON = "1011"

_SENTENCES = {
    INTERNAL: "The client met an internal error.",
    METHOD: "The HTTP method is not one that the API has.",
    BEFORE_CALL: "The request could not be made, or no answer came.",
    AFTER_CALL: "The answer could not be read.",
    STATUS: "The call failed without an error code.",
    CERTIFICATE_PATH: "A certificate or key file cannot be used.",
    EMPTY_INPUT: "A mandatory parameter is None or empty.",
    CLIENT_INFO: "The client information is incomplete or wrong.",
    ACCESS_TOKEN: "The accessToken is None or empty.",
    SPACE: "appId and secret must not contain spaces.",
    NOT_JSON: "The call failed, and the answer is not JSON.",
}


def problem(code, detail, status=-1, reason=None, body=None):
    """`detail` says what it was about."""
    description = f"{_SENTENCES[code]} {detail}"
    return NorthApiException(f"{code} {description}", code, description, status, reason, body)
