from typing import Any, Optional

from muster_legacy._dto import Dto


class QueryOneTaskOutDTO(Dto):
    """Answer of `queryOneTask`; `tags` only if asked for, `endTime` and `statusDesc` are additions of Muster."""

    appId: Optional[str]
    taskId: Optional[str]
    taskName: Optional[str]
    taskType: Optional[str]
    operator: Optional[str]
    taskFrom: Optional[str]
    status: Optional[str]
    startTime: Optional[str]
    timeout: Optional[int]
    totalCnt: Optional[int]
    successCnt: Optional[int]
    failCnt: Optional[int]
    timeoutCnt: Optional[int]
    expiredCnt: Optional[int]
    completeCnt: Optional[int]
    progress: Optional[int]
    successRate: Optional[int]
    param: Any
    tags: Optional[list]
    endTime: Optional[str]
    statusDesc: Optional[str]
