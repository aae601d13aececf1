from typing import Optional

from muster_legacy._dto import Dto


class QueryUpgradeSubTaskInDTO(Dto):
    """Query of `queryUpgradeSubTask`."""

    subOperationStatus: Optional[str]
    pageNo: Optional[int]
    pageSize: Optional[int]
