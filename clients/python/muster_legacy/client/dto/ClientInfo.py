from typing import Optional, Union

from muster_legacy._dto import Dto


class ClientInfo(Dto):
    """Where the platform is and which application calls it."""

    platformIp: Optional[str]
    platformPort: Union[int, str, None]
    appId: Optional[str]
    secret: Optional[str]
