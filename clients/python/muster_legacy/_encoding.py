"""How parameters become paths, queries and bodies."""

import json
from urllib.parse import quote, urlencode

from muster_legacy import _problems
from muster_legacy._problems import problem
from muster_legacy.utils.DictUtil import DictUtil


def membersOf(dtoOrDict):
    """Members that have a value, as a dict; of None an empty one."""
    if dtoOrDict is None:
        return {}
    members = dtoOrDict if isinstance(dtoOrDict, dict) else DictUtil.dto2dict(dtoOrDict)
    return {name: value for name, value in members.items() if value is not None}


def encodeJson(dtoOrDict):
    """Compact UTF-8. Members that are None are left out of DTOs; a dict below the first level stays as it is."""
    try:
        text = json.dumps(
            membersOf(dtoOrDict), default=_encodable, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        return text.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise problem(_problems.BEFORE_CALL, f"The body cannot be written as JSON: {error}.") from error


def _encodable(value):
    """json asks for what it does not know: DTOs and other objects with attributes."""
    if not hasattr(value, "__dict__"):
        raise TypeError(f"a {type(value).__name__} has no counterpart")
    return membersOf(value)


def encodeForm(members):
    return urlencode(members, quote_via=quote).encode("ascii")


def encodeQuery(dtoOrDict):
    """Empty, or with its question mark."""
    pairs = [(name, _queryText(value)) for name, value in membersOf(dtoOrDict).items()]
    return "?" + urlencode(pairs, quote_via=quote) if pairs else ""


def _queryText(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def encodeSegment(value):
    """One part of a path: an id with a slash or a question mark stays one id."""
    return quote(str(value), safe="")
