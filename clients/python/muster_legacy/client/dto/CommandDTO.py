from typing import Any, Optional

from muster_legacy._dto import Dto


class CommandDTO(Dto):
    """A command; `header` and `body` are those of an immediate one."""

    serviceId: Optional[str]
    method: Optional[str]
    paras: Optional[dict]
    header: Any
    body: Any
