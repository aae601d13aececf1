from typing import Optional

from muster_legacy._dto import Dto


class extendPara(Dto):
    """`extendPara` of an upgrade."""

    fileVersion: Optional[str]
