from typing import Optional

from muster_legacy._dto import Dto


class QueryUpgradeTaskListInDTO(Dto):
    """Query of `queryUpgradeTaskList`."""

    operationType: Optional[str]
    operationStatus: Optional[str]
    deviceType: Optional[str]
    manufacturerName: Optional[str]
    model: Optional[str]
    deviceId: Optional[str]
    pageNo: Optional[int]
    pageSize: Optional[int]
