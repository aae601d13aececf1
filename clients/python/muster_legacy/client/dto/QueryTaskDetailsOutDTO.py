from typing import Optional

from muster_legacy._dto import Dto


class QueryTaskDetailsOutDTO(Dto):
    """Answer of `queryTaskDetails`."""

    pageNo: Optional[int]
    pageSize: Optional[int]
    totalCount: Optional[int]
    taskDetails: Optional[list]
