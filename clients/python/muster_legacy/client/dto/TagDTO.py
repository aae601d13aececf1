from typing import Optional

from muster_legacy._dto import Dto


class TagDTO(Dto):
    """A tag."""

    tagName: Optional[str]
    tagValue: Optional[str]
