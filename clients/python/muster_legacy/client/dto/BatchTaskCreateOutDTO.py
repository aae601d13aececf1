from typing import Optional

from muster_legacy._dto import Dto


class BatchTaskCreateOutDTO(Dto):
    """Answer of `createBatchTask`."""

    taskID: Optional[str]
