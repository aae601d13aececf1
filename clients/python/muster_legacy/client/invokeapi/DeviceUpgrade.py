from muster_legacy._calls import Calls
from muster_legacy._checks import requireInput
from muster_legacy._connections import Request
from muster_legacy._encoding import encodeSegment
from muster_legacy.client.dto.CreateUpgradeTaskOutDTO import CreateUpgradeTaskOutDTO
from muster_legacy.client.dto.QueryUpgradePackageListOutDTO import QueryUpgradePackageListOutDTO
from muster_legacy.client.dto.QueryUpgradePackageOutDTO import QueryUpgradePackageOutDTO
from muster_legacy.client.dto.QueryUpgradeSubTaskOutDTO import QueryUpgradeSubTaskOutDTO
from muster_legacy.client.dto.QueryUpgradeTaskListOutDTO import QueryUpgradeTaskListOutDTO
from muster_legacy.client.dto.QueryUpgradeTaskOutDTO import QueryUpgradeTaskOutDTO

_ROOT = "/iodm/northbound/v1.5.0"


class DeviceUpgrade(Calls):
    """Upgrade packages and upgrades. Each call returns an Answer."""

    def queryUpgradePackageList(self, quplInDTO, accessToken):
        """`quplInDTO`: a QueryUpgradePackageListInDTO, a dict or None."""
        return self._get(f"{_ROOT}/category", accessToken, quplInDTO, QueryUpgradePackageListOutDTO)

    def queryUpgradePackage(self, fileId, accessToken):
        return self._get(_packagePath(fileId), accessToken, outDTO=QueryUpgradePackageOutDTO)

    def deleteUpgradePackage(self, fileId, accessToken):
        """The answer is empty."""
        return self._delete(_packagePath(fileId), accessToken)

    def createSoftwareUpgradeTask(self, cutInDTO, accessToken):
        """`cutInDTO`: a CreateUpgradeTaskInDTO or a dict."""
        return self._create("softwareUpgrade", cutInDTO, accessToken)

    def createFirmwareUpgradeTask(self, cutInDTO, accessToken):
        """`cutInDTO`: a CreateUpgradeTaskInDTO or a dict."""
        return self._create("firmwareUpgrade", cutInDTO, accessToken)

    def queryUpgradeTask(self, operationId, accessToken):
        return self._get(_operationPath(operationId), accessToken, outDTO=QueryUpgradeTaskOutDTO)

    def queryUpgradeSubTask(self, qustInDTO, operationId, accessToken):
        """`qustInDTO`: a QueryUpgradeSubTaskInDTO, a dict or None; without pageNo all sub-operations."""
        path = _operationPath(operationId) + "/subOperations"
        return self._get(path, accessToken, qustInDTO, QueryUpgradeSubTaskOutDTO)

    def queryUpgradeTaskList(self, qutlInDTO, accessToken):
        """`qutlInDTO`: a QueryUpgradeTaskListInDTO, a dict or None."""
        return self._get(f"{_ROOT}/operations", accessToken, qutlInDTO, QueryUpgradeTaskListOutDTO)

    # What follows is not in the original client: it needs Muster.

    def stopUpgradeTask(self, operationId, accessToken):
        """Unfinished sub-operations become stop. Muster only."""
        return self._call(Request("POST", _operationPath(operationId) + "/stop", {}), accessToken)

    def deleteUpgradeTask(self, operationId, accessToken):
        """A finished one. Muster only."""
        return self._delete(_operationPath(operationId), accessToken)

    def _create(self, kind, cutInDTO, accessToken):
        requireInput(cutInDTO=cutInDTO)
        return self._post(f"{_ROOT}/operations/{kind}", accessToken, cutInDTO, CreateUpgradeTaskOutDTO)


def _packagePath(fileId):
    requireInput(fileId=fileId)
    return f"{_ROOT}/category/{encodeSegment(fileId)}"


def _operationPath(operationId):
    requireInput(operationId=operationId)
    return f"{_ROOT}/operations/{encodeSegment(operationId)}"
