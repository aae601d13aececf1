from typing import Optional

from muster_legacy._dto import Dto


class QueryUpgradeTaskListOutDTO(Dto):
    """Answer of `queryUpgradeTaskList`."""

    data: Optional[list]
    pageNo: Optional[int]
    pageSize: Optional[int]
    totalCount: Optional[int]
