"""Makes every call once, in a fixed order: `wire_calls.py PORT CA_FILE`. Prints as JSON what each returned."""

import json
import os
import sys
import tempfile

from muster_legacy import Authentication, BatchProcess, DeviceUpgrade, NorthApiClient, NorthApiException
from muster_legacy.client.dto.AuthRefreshInDTO import AuthRefreshInDTO
from muster_legacy.client.dto.BatchTaskCreateInDTO import BatchTaskCreateInDTO
from muster_legacy.client.dto.CommandDTOV4 import CommandDTOV4
from muster_legacy.client.dto.CreateUpgradeTaskInDTO import CreateUpgradeTaskInDTO
from muster_legacy.client.dto.ObjectNode import ObjectNode
from muster_legacy.client.dto.OperateDevices import OperateDevices
from muster_legacy.client.dto.OperatePolicy import OperatePolicy
from muster_legacy.client.dto.QueryTaskDetailsInDTO import QueryTaskDetailsInDTO
from muster_legacy.client.dto.QueryTaskListInDTO import QueryTaskListInDTO
from muster_legacy.client.dto.QueryUpgradePackageListInDTO import QueryUpgradePackageListInDTO
from muster_legacy.client.dto.QueryUpgradeSubTaskInDTO import QueryUpgradeSubTaskInDTO
from muster_legacy.client.dto.QueryUpgradeTaskListInDTO import QueryUpgradeTaskListInDTO
from muster_legacy.client.dto.TagDTO2 import TagDTO2

TOKEN = "token-1"
INFO = {"platformIp": "127.0.0.1", "platformPort": sys.argv[1], "appId": "App_1-x", "secret": "aB9"}


def filled(dto, **members):
    """By the setters, as applications do it."""
    for name, value in members.items():
        getattr(dto, "set" + name[0].upper() + name[1:])(value)
    return dto


def authentication(calls):
    yield calls.getAuthToken(INFO).accessToken
    refresh = filled(AuthRefreshInDTO(), appId="App_1-x", secret="aB9", refreshToken="refresh-1")
    yield calls.refreshAuthToken(refresh).refreshToken
    yield calls.logout(TOKEN).json()


def deviceCmd():
    command = filled(CommandDTOV4(), serviceId="Brightness", method="SET", paras={"brightness": 10})
    param = filled(ObjectNode(), type="DeviceList", deviceList=["d-1", "d-2"], command=command)
    filled(param, callbackUrl="https://app.example/cb?x=1", maxRetransmit=2)
    task = filled(BatchTaskCreateInDTO(), appId="App_2", taskName="Straße 1/2", taskType="DeviceCmd", timeout=100)
    return filled(task, param=param, tags=[filled(TagDTO2(), tagName="site", tagValue="north")])


def deviceReg():
    param = filled(ObjectNode(), fileId="file-1")
    return filled(BatchTaskCreateInDTO(), taskName="reg", taskType="DeviceReg", timeout=10, param=param)


def batchProcess(calls):
    yield calls.createBatchTask(deviceCmd(), TOKEN).taskID
    yield calls.createBatchTask(deviceReg(), TOKEN).taskID
    yield calls.queryOneTask("t/1", None, None, TOKEN).status
    yield calls.queryOneTask("t-1", "tag", "App_2", TOKEN).json()["tags"]
    yield calls.queryTaskDetails(filled(QueryTaskDetailsInDTO(), taskId="t-1"), TOKEN).totalCount
    details = filled(QueryTaskDetailsInDTO(), taskId="t-1", appId="App_2", status="Fail", index=7, nodeId="n 1")
    filled(details, deviceId="d&1", commandId="c", pageNo=0, pageSize=250)
    yield calls.queryTaskDetails(details, TOKEN).taskDetails[0]["param"]["deviceId"]


def batchProcessOfMuster(calls):
    yield calls.queryTaskList(None, TOKEN).totalCount
    tasks = filled(QueryTaskListInDTO(), taskType="DeviceCmd", status="Running", pageNo=1, pageSize=2)
    yield calls.queryTaskList(tasks, TOKEN).tasks
    yield calls.stopTask("t-1", None, TOKEN) or None
    yield calls.deleteTask("t-1", "App_2", TOKEN) or None
    yield calls.queryBatchFileList(TOKEN).files
    yield calls.deleteBatchFile("file-1", TOKEN) or None
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "devices.csv")
        with open(path, "wb") as file:
            file.write(b"node_id\r\nn-1\r\n")
        yield calls.uploadBatchFile(path, TOKEN).fileId


def deviceUpgrade(calls):
    packages = filled(QueryUpgradePackageListInDTO(), fileType="firmwarePackage", model="m 1", version="V1.0", pageNo=0)
    yield calls.queryUpgradePackageList(packages, TOKEN).data[0]["fileId"]
    yield calls.queryUpgradePackage("f-1", TOKEN).version
    yield calls.deleteUpgradePackage("f-1", TOKEN) or None
    devices = filled(OperateDevices(), devices=["d-1"])
    yield calls.createSoftwareUpgradeTask(filled(CreateUpgradeTaskInDTO(), fileId="f-1", targets=devices), TOKEN).operationId
    groups = filled(OperateDevices(), deviceGroups=["g"], deviceType="Lamp", model="m", manufacturerName="Maker")
    policy = filled(OperatePolicy(), executeType="custom", startTime="20260101T000000Z", endTime="20260102T000000Z")
    filled(policy, retryType=True, retryTimes=3)
    upgrade = filled(CreateUpgradeTaskInDTO(), fileId="f-2", targets=groups, policy=policy)
    yield calls.createFirmwareUpgradeTask(upgrade, TOKEN).operationId
    yield calls.queryUpgradeTask("o-1", TOKEN).staResult["total"]
    yield calls.queryUpgradeSubTask(None, "o-1", TOKEN).totalCount
    subTasks = filled(QueryUpgradeSubTaskInDTO(), subOperationStatus="fail", pageNo=1, pageSize=100)
    yield calls.queryUpgradeSubTask(subTasks, "o-1", TOKEN).data
    operations = filled(QueryUpgradeTaskListInDTO(), operationType="firmware_upgrade", operationStatus="wait")
    filled(operations, deviceType="Lamp", manufacturerName="Maker", model="m", deviceId="d-1", pageNo=0, pageSize=10)
    yield calls.queryUpgradeTaskList(operations, TOKEN).totalSize
    yield calls.stopUpgradeTask("o-1", TOKEN) or None
    yield calls.deleteUpgradeTask("o-1", TOKEN) or None


def failure(calls):
    try:
        calls.queryOneTask("unknown", None, None, TOKEN)
    except NorthApiException as raised:
        yield [raised.error_code, raised.error_desc, raised.httpStatusCode, raised.httpReasonPhase]


NorthApiClient.caFile = sys.argv[2]
NorthApiClient.clientInfo = INFO
outcomes = [*authentication(Authentication()), *batchProcess(BatchProcess()), *batchProcessOfMuster(BatchProcess())]
outcomes += [*deviceUpgrade(DeviceUpgrade()), *failure(BatchProcess())]
print(json.dumps(outcomes))
