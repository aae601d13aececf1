from typing import Optional

from muster_legacy._dto import Dto


class CreateUpgradeTaskOutDTO(Dto):
    """Answer of `createSoftwareUpgradeTask` and `createFirmwareUpgradeTask`."""

    operationId: Optional[str]
