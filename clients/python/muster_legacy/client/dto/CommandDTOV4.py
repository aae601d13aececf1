from typing import Optional

from muster_legacy._dto import Dto


class CommandDTOV4(Dto):
    """The command that a batch task sends."""

    serviceId: Optional[str]
    method: Optional[str]
    paras: Optional[dict]
