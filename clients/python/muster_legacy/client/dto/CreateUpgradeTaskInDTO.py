from typing import Any, Optional

from muster_legacy._dto import Dto, addGetter


class CreateUpgradeTaskInDTO(Dto):
    """Body of `createSoftwareUpgradeTask` and `createFirmwareUpgradeTask`; `targets` is an OperateDevices or a dict,
    `policy` an OperatePolicy, a dict or None.
    """

    fileId: Optional[str]
    targets: Any
    policy: Any


# The original spells it so; the right spelling is there too.
addGetter(CreateUpgradeTaskInDTO, "fileId", "getFileIde")
