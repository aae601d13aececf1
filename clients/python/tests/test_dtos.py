import importlib
import unittest

from muster_legacy.client.dto.AuthOutDTO import AuthOutDTO
from muster_legacy.client.dto.CreateUpgradeTaskInDTO import CreateUpgradeTaskInDTO
from muster_legacy.client.dto.OperateDevices import OperateDevices
from muster_legacy.client.dto.TagDTO import TagDTO
from muster_legacy.utils.DictUtil import DictUtil

TOKEN = "scope tokenType expiresIn accessToken refreshToken"
PAGE = "data pageNo pageSize totalCount"
OPERATION = "operationId createTime startTime stopTime operateType targets policy status staResult extendPara"

# docs/contract/legacy.md 14.1.
DTOS = {
    "ClientInfo": "platformIp platformPort appId secret",
    "AuthInDTO": "appId secret",
    "AuthRefreshInDTO": "appId secret refreshToken",
    "AuthOutDTO": TOKEN,
    "AuthRefreshOutDTO": TOKEN,
    "BatchTaskCreateInDTO": "appId taskName taskType timeout param tags",
    "BatchTaskCreateOutDTO": "taskID",
    "ObjectNode": "type deviceList deviceType manufacturerId model deviceLocation groupList command callbackUrl maxRetransmit"
    " groupTag fileId commandType serviceId method index nodeId deviceId commandId tags",
    "CommandDTOV4": "serviceId method paras",
    "CommandDTO": "serviceId method paras header body",
    "TagDTO2": "tagName tagValue",
    "TagDTO": "tagName tagValue",
    "queryOneTaskInDTO": "appId select taskId",
    "QueryOneTaskOutDTO": "appId taskId taskName taskType operator taskFrom status startTime timeout totalCnt successCnt failCnt"
    " timeoutCnt expiredCnt completeCnt progress successRate param tags endTime statusDesc",
    "QueryTaskDetailsInDTO": "taskId appId status index nodeId deviceId commandId pageNo pageSize",
    "QueryTaskDetailsOutDTO": "pageNo pageSize totalCount taskDetails",
    "ObjectNode1": "index nodeId deviceId commandId",
    "QueryUpgradePackageListInDTO": "fileType deviceType model manufacturerName version pageNo pageSize",
    "QueryUpgradePackageListOutDTO": PAGE,
    "QueryUpgradeSubTaskOutDTO": PAGE,
    "QueryUpgradeTaskListOutDTO": PAGE,
    "QueryUpgradePackageOutDTO": "fileId name version fileType deviceType model manufacturerName protocolType description date"
    " uploadTime",
    "CreateUpgradeTaskInDTO": "fileId targets policy",
    "CreateUpgradeTaskOutDTO": "operationId",
    "OperateDevices": "deviceGroups deviceType model manufacturerName devices",
    "OperatePolicy": "executeType startTime endTime retryType retryTimes",
    "OperationStaResult": "total wait processing success fail stop timeout",
    "OperationInfo": OPERATION,
    "QueryUpgradeTaskOutDTO": OPERATION,
    "extendPara": "fileVersion",
    "QueryUpgradeSubTaskInDTO": "subOperationStatus pageNo pageSize",
    "SubOperationInfo": "subOperationId createTime startTime stopTime operateType deviceId status detailInfo extendInfo",
    "QueryUpgradeTaskListInDTO": "operationType operationStatus deviceType manufacturerName model deviceId pageNo pageSize",
    "QueryTaskListInDTO": "appId taskType status taskName pageNo pageSize",
    "QueryTaskListOutDTO": "totalCount pageNo pageSize tasks",
}


def classOf(name, module=None):
    return getattr(importlib.import_module(f"muster_legacy.client.dto.{module or name}"), name)


class DtosTest(unittest.TestCase):
    def testEachHasItsAttributesNoneAtFirst(self):
        for name, members in DTOS.items():
            with self.subTest(name):
                self.assertEqual(vars(classOf(name)()), dict.fromkeys(members.split()))

    def testTheSubTaskHasAModuleOfAnotherName(self):
        detail = classOf("QueryTaskDetailDTOCloud2NA", "QueryTaskDetailDTO")()
        self.assertEqual(vars(detail), dict.fromkeys(["status", "output", "error", "param"]))

    def testEachMemberIsSetAndGot(self):
        for name, members in DTOS.items():
            for member in members.split():
                with self.subTest(f"{name}.{member}"):
                    dto = classOf(name)()
                    method = member[0].upper() + member[1:]
                    value = object()
                    self.assertIsNone(getattr(dto, "set" + method)(value))
                    self.assertIs(getattr(dto, member), value)
                    self.assertIs(getattr(dto, "get" + method)(), value)

    def testTwoObjectsShareNothing(self):
        first, second = TagDTO(), TagDTO()
        first.setTagName("a")
        self.assertIsNone(second.getTagName())

    def testTheOriginalsMisspellingsWork(self):
        token, task, devices = AuthOutDTO(), CreateUpgradeTaskInDTO(), OperateDevices()
        token.setEexpiresIn(3600)
        task.setFileId("f")
        devices.setManufacturerId("m")
        self.assertEqual((token.expiresIn, task.getFileIde(), devices.manufacturerName), (3600, "f", "m"))


class DictUtilTest(unittest.TestCase):
    def testItHasThePublicAttributesInAlphabeticalOrder(self):
        tag = TagDTO()
        tag.setTagValue("v")
        tag._hidden = 1
        for util in (DictUtil, DictUtil()):
            self.assertEqual(list(util.dto2dict(tag).items()), [("tagName", None), ("tagValue", "v")])
