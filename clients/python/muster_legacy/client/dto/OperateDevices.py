from typing import Optional

from muster_legacy._dto import Dto, addSetter


class OperateDevices(Dto):
    """Targets of an upgrade: `devices`, or `deviceGroups` with the other three."""

    deviceGroups: Optional[list]
    deviceType: Optional[str]
    model: Optional[str]
    manufacturerName: Optional[str]
    devices: Optional[list]


# The original spells it so; the right spelling is there too.
addSetter(OperateDevices, "manufacturerName", "setManufacturerId")
