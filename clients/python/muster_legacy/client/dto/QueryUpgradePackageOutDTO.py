from typing import Optional

from muster_legacy._dto import Dto


class QueryUpgradePackageOutDTO(Dto):
    """Answer of `queryUpgradePackage`."""

    fileId: Optional[str]
    name: Optional[str]
    version: Optional[str]
    fileType: Optional[str]
    deviceType: Optional[str]
    model: Optional[str]
    manufacturerName: Optional[str]
    protocolType: Optional[str]
    description: Optional[str]
    date: Optional[str]
    uploadTime: Optional[str]
