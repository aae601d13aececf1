from typing import Any, Optional

from muster_legacy._dto import Dto


class ObjectNode(Dto):
    """`param` of a batch task: of DeviceCmd the members from `type` to `groupTag`, of the other types `fileId`. The
    server has no use for the rest.
    """

    type: Optional[str]
    deviceList: Optional[list]
    deviceType: Optional[str]
    manufacturerId: Optional[str]
    model: Optional[str]
    deviceLocation: Optional[str]
    groupList: Optional[list]
    command: Any
    callbackUrl: Optional[str]
    maxRetransmit: Optional[int]
    groupTag: Optional[str]
    fileId: Optional[str]
    commandType: Optional[str]
    serviceId: Optional[str]
    method: Optional[str]
    index: Optional[int]
    nodeId: Optional[str]
    deviceId: Optional[str]
    commandId: Optional[str]
    tags: Optional[list]
