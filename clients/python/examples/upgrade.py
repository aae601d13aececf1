"""Upgrades devices with a package that the server has, watches it to its end and prints what became of each device.

python3 upgrade.py --ini application.ini FILE_ID DEVICE_ID...
"""

import argparse
import time

from muster_legacy import Constant, DeviceUpgrade
from muster_legacy.client.dto.CreateUpgradeTaskInDTO import CreateUpgradeTaskInDTO
from muster_legacy.client.dto.OperateDevices import OperateDevices
from muster_legacy.client.dto.OperatePolicy import OperatePolicy
from muster_legacy.client.dto.QueryUpgradeSubTaskInDTO import QueryUpgradeSubTaskInDTO
from session import Session, pages, run

FINISHED = ("success", "failed", "fail", "stop")


def readArguments():
    parser = argparse.ArgumentParser(description="Upgrades devices and watches it.")
    parser.add_argument("fileId", metavar="FILE_ID", help="of the package")
    parser.add_argument("deviceIds", metavar="DEVICE_ID", nargs="+")
    parser.add_argument("--ini", default="application.ini", help="default: %(default)s")
    parser.add_argument("--software", action="store_true", help="the package is software; default: firmware")
    parser.add_argument("--retry", type=int, default=0, help="how often a device is tried again; default: %(default)s")
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between looks; default: %(default)s")
    return parser.parse_args()


def upgradeOf(arguments):
    targets = OperateDevices()
    targets.setDevices(arguments.deviceIds)
    policy = OperatePolicy()
    policy.setExecuteType("now")
    policy.setRetryType(arguments.retry > 0)
    policy.setRetryTimes(arguments.retry or None)
    upgrade = CreateUpgradeTaskInDTO()
    upgrade.setFileId(arguments.fileId)
    upgrade.setTargets(targets)
    upgrade.setPolicy(policy)
    return upgrade


def create(session, upgrades, arguments):
    ask = upgrades.createSoftwareUpgradeTask if arguments.software else upgrades.createFirmwareUpgradeTask
    return session.call(lambda token: ask(upgradeOf(arguments), token)).operationId


def watch(session, upgrades, operationId, interval):
    """Returns the operation when it is finished."""
    while True:
        operation = session.call(lambda token: upgrades.queryUpgradeTask(operationId, token))
        counts = ", ".join(f"{name} {count}" for name, count in operation.staResult.items() if count)
        print(f"{operation.status}: {counts}", flush=True)
        # A server may be set to write it in capitals.
        if operation.status.lower() in FINISHED:
            return operation
        time.sleep(interval)


def printSubOperations(session, upgrades, operationId):
    def page(pageNo, pageSize):
        query = QueryUpgradeSubTaskInDTO()
        query.setPageNo(pageNo)
        query.setPageSize(pageSize)
        return session.call(lambda token: upgrades.queryUpgradeSubTask(query, operationId, token))

    for answer in pages(page):
        for subOperation in answer.data:
            print(subOperation["deviceId"], subOperation["status"], subOperation["detailInfo"], sep="\t")


def main():
    arguments = readArguments()
    Constant.iniFile = arguments.ini
    session, upgrades = Session(Constant().clientInfo()), DeviceUpgrade()
    operationId = create(session, upgrades, arguments)
    print(f"operation {operationId}", flush=True)
    operation = watch(session, upgrades, operationId, arguments.interval)
    printSubOperations(session, upgrades, operationId)
    return 0 if operation.staResult["success"] == operation.staResult["total"] else 1


if __name__ == "__main__":
    run(main)
