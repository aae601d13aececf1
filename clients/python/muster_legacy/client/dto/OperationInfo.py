from typing import Any, Optional

from muster_legacy._dto import Dto


class OperationInfo(Dto):
    """An upgrade."""

    operationId: Optional[str]
    createTime: Optional[str]
    startTime: Optional[str]
    stopTime: Optional[str]
    operateType: Optional[str]
    targets: Any
    policy: Any
    status: Optional[str]
    staResult: Any
    extendPara: Any
