from typing import Any, Optional

from muster_legacy._dto import Dto


class BatchTaskCreateInDTO(Dto):
    """Body of `createBatchTask`; `param` is an ObjectNode or a dict, `tags` a list of TagDTO2 or of dicts."""

    appId: Optional[str]
    taskName: Optional[str]
    taskType: Optional[str]
    timeout: Optional[int]
    param: Any
    tags: Optional[list]
