from typing import Optional

from muster_legacy._dto import Dto


class OperationStaResult(Dto):
    """Counters of an upgrade's sub-operations."""

    total: Optional[int]
    wait: Optional[int]
    processing: Optional[int]
    success: Optional[int]
    fail: Optional[int]
    stop: Optional[int]
    timeout: Optional[int]
