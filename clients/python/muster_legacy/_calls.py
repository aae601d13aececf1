"""What Authentication, BatchProcess and DeviceUpgrade share."""

from muster_legacy._checks import requireToken
from muster_legacy._connections import Request
from muster_legacy._encoding import encodeJson, encodeQuery
from muster_legacy.client.NorthApiClient import NorthApiClient

JSON = {"Content-Type": "application/json"}


class Calls:
    def __init__(self, northApiClient=None):
        """`northApiClient`: whose settings count; None: those of the class NorthApiClient."""
        self._northApiClient = NorthApiClient() if northApiClient is None else northApiClient

    def _get(self, path, accessToken, query=None, outDTO=None):
        return self._call(Request("GET", path + encodeQuery(query), {}), accessToken, outDTO)

    def _post(self, path, accessToken, body, outDTO=None):
        return self._call(Request("POST", path, JSON, encodeJson(body)), accessToken, outDTO)

    def _delete(self, path, accessToken, query=None):
        return self._call(Request("DELETE", path + encodeQuery(query), {}), accessToken)

    def _call(self, request, accessToken, outDTO=None):
        """Signed with the application's id and its token."""
        requireToken(accessToken)
        info = self._northApiClient.currentClientInfo()
        headers = {"app_key": str(info["appId"]), "Authorization": f"Bearer {accessToken}", **request.headers}
        members = () if outDTO is None else outDTO._members
        return self._northApiClient.send(info, request._replace(headers=headers), members)
