from typing import Optional

from muster_legacy._dto import Dto


class QueryUpgradeSubTaskOutDTO(Dto):
    """Answer of `queryUpgradeSubTask`."""

    data: Optional[list]
    pageNo: Optional[int]
    pageSize: Optional[int]
    totalCount: Optional[int]
