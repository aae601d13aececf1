from typing import Optional

from muster_legacy._dto import Dto


class QueryUpgradePackageListOutDTO(Dto):
    """Answer of `queryUpgradePackageList`."""

    data: Optional[list]
    pageNo: Optional[int]
    pageSize: Optional[int]
    totalCount: Optional[int]
