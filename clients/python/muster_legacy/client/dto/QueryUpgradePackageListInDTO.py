from typing import Optional

from muster_legacy._dto import Dto


class QueryUpgradePackageListInDTO(Dto):
    """Query of `queryUpgradePackageList`."""

    fileType: Optional[str]
    deviceType: Optional[str]
    model: Optional[str]
    manufacturerName: Optional[str]
    version: Optional[str]
    pageNo: Optional[int]
    pageSize: Optional[int]
