from muster_legacy._calls import JSON, Calls
from muster_legacy._checks import requireInput, requireNoSpace, requireToken
from muster_legacy._connections import Request
from muster_legacy._encoding import encodeForm, encodeJson, membersOf
from muster_legacy.client.dto.AuthOutDTO import AuthOutDTO
from muster_legacy.client.dto.AuthRefreshOutDTO import AuthRefreshOutDTO

_ROOT = "/iocm/app/sec/v1.1.0"


class Authentication(Calls):
    """Tokens. Each call returns an Answer."""

    def getAuthToken(self, clientInfo):
        """Signs in the application of `clientInfo`, a dict or a ClientInfo."""
        requireInput(clientInfo=clientInfo)
        client = self._northApiClient
        info = client.checkedClientInfo(clientInfo)
        form = encodeForm({"appId": info["appId"], "secret": info["secret"]})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return client.send(info, Request("POST", f"{_ROOT}/login", headers, form), AuthOutDTO._members)

    def refreshAuthToken(self, arInDTO):
        """`arInDTO`: an AuthRefreshInDTO with all its members."""
        members = membersOf(arInDTO)
        appId, secret, refreshToken = (members.get(name) for name in ("appId", "secret", "refreshToken"))
        requireInput(appId=appId, secret=secret, refreshToken=refreshToken)
        requireNoSpace(appId=appId, secret=secret)
        body = encodeJson({"appId": appId, "secret": secret, "refreshToken": refreshToken})
        return self._send(Request("POST", f"{_ROOT}/refreshToken", JSON, body), AuthRefreshOutDTO._members)

    def logout(self, accessToken):
        """Ends a token. Not in the original client."""
        requireToken(accessToken)
        return self._send(Request("POST", f"{_ROOT}/logout", JSON, encodeJson({"accessToken": accessToken})))

    def _send(self, request, members=()):
        """Without `app_key` and `Authorization`."""
        return self._northApiClient.send(self._northApiClient.currentClientInfo(), request, members)
