from typing import Optional

from muster_legacy._dto import Dto


class AuthRefreshOutDTO(Dto):
    """Answer of `refreshAuthToken`."""

    scope: Optional[str]
    tokenType: Optional[str]
    expiresIn: Optional[int]
    accessToken: Optional[str]
    refreshToken: Optional[str]
