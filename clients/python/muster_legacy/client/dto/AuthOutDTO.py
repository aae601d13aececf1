from typing import Optional

from muster_legacy._dto import Dto, addSetter


class AuthOutDTO(Dto):
    """Answer of `getAuthToken`."""

    scope: Optional[str]
    tokenType: Optional[str]
    expiresIn: Optional[int]
    accessToken: Optional[str]
    refreshToken: Optional[str]


# The original spells it so; the right spelling is there too.
addSetter(AuthOutDTO, "expiresIn", "setEexpiresIn")
