from typing import Optional

from muster_legacy._dto import Dto


class QueryTaskListInDTO(Dto):
    """Query of `queryTaskList`. An addition of Muster."""

    appId: Optional[str]
    taskType: Optional[str]
    status: Optional[str]
    taskName: Optional[str]
    pageNo: Optional[int]
    pageSize: Optional[int]
