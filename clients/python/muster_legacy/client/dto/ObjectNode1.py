from typing import Optional

from muster_legacy._dto import Dto


class ObjectNode1(Dto):
    """`param` of a sub-task."""

    index: Optional[int]
    nodeId: Optional[str]
    deviceId: Optional[str]
    commandId: Optional[str]
