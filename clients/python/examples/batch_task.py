"""Sends a command to devices as a batch task, watches it to its end and prints what became of each device.

python3 batch_task.py --ini application.ini --service Lamp --method SET --paras '{"on":true}' DEVICE_ID...
"""

import argparse
import json
import time

from muster_legacy import BatchProcess, Constant
from muster_legacy.client.dto.BatchTaskCreateInDTO import BatchTaskCreateInDTO
from muster_legacy.client.dto.CommandDTOV4 import CommandDTOV4
from muster_legacy.client.dto.ObjectNode import ObjectNode
from muster_legacy.client.dto.QueryTaskDetailsInDTO import QueryTaskDetailsInDTO
from session import Session, pages, run

FINISHED = ("Complete", "Timeout")


def readArguments():
    parser = argparse.ArgumentParser(description="Sends a command to devices as a batch task and watches it.")
    parser.add_argument("deviceIds", metavar="DEVICE_ID", nargs="+")
    parser.add_argument("--ini", default="application.ini", help="default: %(default)s")
    parser.add_argument("--name", default=f"batch-{int(time.time())}", help="of the task; no two have the same")
    parser.add_argument("--service", required=True)
    parser.add_argument("--method", required=True)
    parser.add_argument("--paras", type=json.loads, default={}, help="a JSON object")
    parser.add_argument("--timeout", type=int, default=10, help="of the task, minutes; default: %(default)s")
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between looks; default: %(default)s")
    return parser.parse_args()


def taskOf(arguments):
    command = CommandDTOV4()
    command.setServiceId(arguments.service)
    command.setMethod(arguments.method)
    command.setParas(arguments.paras)
    param = ObjectNode()
    param.setType("DeviceList")
    param.setDeviceList(arguments.deviceIds)
    param.setCommand(command)
    task = BatchTaskCreateInDTO()
    task.setTaskName(arguments.name)
    task.setTaskType("DeviceCmd")
    task.setTimeout(arguments.timeout)
    task.setParam(param)
    return task


def watch(session, batch, taskId, interval):
    """Returns the task when it is finished."""
    while True:
        task = session.call(lambda token: batch.queryOneTask(taskId, None, None, token))
        print(f"{task.status}: {task.completeCnt} of {task.totalCnt}, {task.successCnt} successful", flush=True)
        if task.status in FINISHED:
            return task
        time.sleep(interval)


def printSubTasks(session, batch, taskId):
    def page(pageNo, pageSize):
        query = QueryTaskDetailsInDTO()
        query.setTaskId(taskId)
        query.setPageNo(pageNo)
        query.setPageSize(pageSize)
        return session.call(lambda token: batch.queryTaskDetails(query, token))

    for answer in pages(page):
        for subTask in answer.taskDetails:
            said = subTask["error"] or subTask["output"] or ""
            print(subTask["param"]["deviceId"], subTask["status"], said, sep="\t")


def main():
    arguments = readArguments()
    Constant.iniFile = arguments.ini
    session, batch = Session(Constant().clientInfo()), BatchProcess()
    taskId = session.call(lambda token: batch.createBatchTask(taskOf(arguments), token)).taskID
    print(f"task {taskId}", flush=True)
    task = watch(session, batch, taskId, arguments.interval)
    printSubTasks(session, batch, taskId)
    return 0 if task.successCnt == task.totalCnt else 1


if __name__ == "__main__":
    run(main)
