from typing import Optional

from muster_legacy._dto import Dto


class SubOperationInfo(Dto):
    """What an upgrade does to one device."""

    subOperationId: Optional[str]
    createTime: Optional[str]
    startTime: Optional[str]
    stopTime: Optional[str]
    operateType: Optional[str]
    deviceId: Optional[str]
    status: Optional[str]
    detailInfo: Optional[str]
    extendInfo: Optional[dict]
