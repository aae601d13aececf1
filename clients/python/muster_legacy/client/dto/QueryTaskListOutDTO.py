from typing import Optional

from muster_legacy._dto import Dto


class QueryTaskListOutDTO(Dto):
    """Answer of `queryTaskList`. An addition of Muster."""

    totalCount: Optional[int]
    pageNo: Optional[int]
    pageSize: Optional[int]
    tasks: Optional[list]
