from typing import Optional

from muster_legacy._dto import Dto


class OperatePolicy(Dto):
    """When an upgrade runs and how often it is tried."""

    executeType: Optional[str]
    startTime: Optional[str]
    endTime: Optional[str]
    retryType: Optional[bool]
    retryTimes: Optional[int]
