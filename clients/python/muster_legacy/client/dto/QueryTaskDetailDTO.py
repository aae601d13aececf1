from typing import Any, Optional

from muster_legacy._dto import Dto


class QueryTaskDetailDTOCloud2NA(Dto):
    """A sub-task; `output` and `error` are None or a JSON text."""

    status: Optional[str]
    output: Optional[str]
    error: Optional[str]
    param: Any
