"""Parameters are checked before anything is sent."""

from muster_legacy import _problems
from muster_legacy._problems import problem


def requireInput(**parameters):
    """None, empty texts and empty containers are refused, with the parameter's name."""
    for name, value in parameters.items():
        if value is None or (hasattr(value, "__len__") and len(value) == 0):
            raise problem(_problems.EMPTY_INPUT, f"It is {name}.")


def requireToken(accessToken):
    if not isinstance(accessToken, str) or accessToken.strip() == "":
        raise problem(_problems.ACCESS_TOKEN, "getAuthToken answers one.")


def requireNoSpace(**parameters):
    for name, value in parameters.items():
        if any(character.isspace() for character in str(value)):
            raise problem(_problems.SPACE, f"It is {name}.")
