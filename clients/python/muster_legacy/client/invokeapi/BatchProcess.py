from muster_legacy._calls import Calls
from muster_legacy._checks import requireInput, requireToken
from muster_legacy._connections import Request
from muster_legacy._encoding import encodeQuery, encodeSegment, membersOf
from muster_legacy._upload import FileUpload
from muster_legacy.client.dto.BatchTaskCreateOutDTO import BatchTaskCreateOutDTO
from muster_legacy.client.dto.QueryOneTaskOutDTO import QueryOneTaskOutDTO
from muster_legacy.client.dto.QueryTaskDetailsOutDTO import QueryTaskDetailsOutDTO
from muster_legacy.client.dto.QueryTaskListOutDTO import QueryTaskListOutDTO

_ROOT = "/iocm/app/batchtask/v1.1.0"


class BatchProcess(Calls):
    """Batch tasks. Each call returns an Answer."""

    def createBatchTask(self, btcInDTO, accessToken):
        """`btcInDTO`: a BatchTaskCreateInDTO or a dict."""
        requireInput(btcInDTO=btcInDTO)
        return self._post(f"{_ROOT}/tasks", accessToken, btcInDTO, BatchTaskCreateOutDTO)

    def queryOneTask(self, taskId, select, appId, accessToken):
        """`select`: "tag" for the tags, or None; `appId`: another application that has authorised this one, or None."""
        query = {"appId": appId, "select": select}
        return self._get(_taskPath(taskId), accessToken, query, QueryOneTaskOutDTO)

    def queryTaskDetails(self, qtdInDTO, accessToken):
        """The sub-tasks. `qtdInDTO`: a QueryTaskDetailsInDTO or a dict, with taskId; without pageNo all of them."""
        requireInput(qtdInDTO=qtdInDTO, taskId=membersOf(qtdInDTO).get("taskId"))
        return self._get(f"{_ROOT}/taskDetails", accessToken, qtdInDTO, QueryTaskDetailsOutDTO)

    # What follows is not in the original client: it needs Muster.

    def queryTaskList(self, qtlInDTO, accessToken):
        """The application's tasks, newest first. `qtlInDTO`: a QueryTaskListInDTO, a dict or None. Muster only."""
        return self._get(f"{_ROOT}/tasks", accessToken, qtlInDTO, QueryTaskListOutDTO)

    def stopTask(self, taskId, appId, accessToken):
        """What has not begun, or awaits an answer, ends as failed. Muster only."""
        target = _taskPath(taskId) + "/stop" + encodeQuery({"appId": appId})
        return self._call(Request("POST", target, {}), accessToken)

    def deleteTask(self, taskId, appId, accessToken):
        """A finished task; its name is free again. Muster only."""
        return self._delete(_taskPath(taskId), accessToken, {"appId": appId})

    def uploadBatchFile(self, path, accessToken):
        """An .xlsx or .csv file for the types that work on one; the answer's `fileId` goes into `param`. Muster only."""
        requireInput(path=path)
        requireToken(accessToken)
        with FileUpload(path) as upload:
            return self._call(Request("POST", f"{_ROOT}/files", upload.headers, upload), accessToken)

    def queryBatchFileList(self, accessToken):
        """The uploaded files. Muster only."""
        return self._get(f"{_ROOT}/files", accessToken)

    def deleteBatchFile(self, fileId, accessToken):
        """Muster only."""
        requireInput(fileId=fileId)
        return self._delete(f"{_ROOT}/files/{encodeSegment(fileId)}", accessToken)


def _taskPath(taskId):
    requireInput(taskId=taskId)
    return f"{_ROOT}/tasks/{encodeSegment(taskId)}"
