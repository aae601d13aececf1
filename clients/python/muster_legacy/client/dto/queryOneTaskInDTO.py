from typing import Optional

from muster_legacy._dto import Dto


class queryOneTaskInDTO(Dto):
    """What `queryOneTask` asks."""

    appId: Optional[str]
    select: Optional[str]
    taskId: Optional[str]
