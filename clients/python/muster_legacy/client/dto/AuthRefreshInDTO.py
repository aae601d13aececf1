from typing import Optional

from muster_legacy.client.dto.AuthInDTO import AuthInDTO


class AuthRefreshInDTO(AuthInDTO):
    """Body of `refreshAuthToken`."""

    refreshToken: Optional[str]
