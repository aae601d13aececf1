from typing import Optional

from muster_legacy._dto import Dto


class AuthInDTO(Dto):
    """Whom to sign in."""

    appId: Optional[str]
    secret: Optional[str]
