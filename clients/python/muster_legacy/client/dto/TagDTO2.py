from typing import Optional

from muster_legacy._dto import Dto


class TagDTO2(Dto):
    """A tag of a batch task."""

    tagName: Optional[str]
    tagValue: Optional[str]
