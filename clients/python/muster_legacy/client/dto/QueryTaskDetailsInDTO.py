from typing import Optional

from muster_legacy._dto import Dto


class QueryTaskDetailsInDTO(Dto):
    """Query of `queryTaskDetails`."""

    taskId: Optional[str]
    appId: Optional[str]
    status: Optional[str]
    index: Optional[int]
    nodeId: Optional[str]
    deviceId: Optional[str]
    commandId: Optional[str]
    pageNo: Optional[int]
    pageSize: Optional[int]
