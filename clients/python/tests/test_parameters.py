import unittest

from muster_legacy import Authentication, BatchProcess, DeviceUpgrade, NorthApiClient, NorthApiException
from muster_legacy.client.dto.AuthRefreshInDTO import AuthRefreshInDTO
from muster_legacy.client.dto.ClientInfo import ClientInfo
from muster_legacy.client.dto.QueryTaskDetailsInDTO import QueryTaskDetailsInDTO
from tests.plain_server import PlainServer

INFO = {"platformIp": "127.0.0.1", "platformPort": "8743", "appId": "app", "secret": "s3cret"}


class ParametersTest(unittest.TestCase):
    """Nothing is sent where a parameter is missing."""

    def setUp(self):
        self.server = PlainServer()
        self.addCleanup(self.server.stop)
        self.addCleanup(NorthApiClient.close)
        self.client = NorthApiClient()
        self.client.baseUrl = self.server.url
        self.client.clientInfo = INFO

    def refused(self, code, call, *args):
        with self.assertRaises(NorthApiException) as raised:
            call(*args)
        self.assertEqual((raised.exception.error_code, raised.exception.httpStatusCode), (code, -1))
        self.assertIn(raised.exception.error_desc, str(raised.exception))
        self.assertEqual(self.server.received, [])

    def testMandatoryInputIsNeitherNoneNorEmpty(self):
        batch, upgrade = BatchProcess(self.client), DeviceUpgrade(self.client)
        self.refused("1007", Authentication(self.client).getAuthToken, None)
        self.refused("1007", batch.createBatchTask, None, "t")
        self.refused("1007", batch.createBatchTask, {}, "t")
        self.refused("1007", batch.queryOneTask, "", None, None, "t")
        self.refused("1007", batch.queryTaskDetails, None, "t")
        self.refused("1007", batch.queryTaskDetails, QueryTaskDetailsInDTO(), "t")
        for call in (batch.stopTask, batch.deleteTask):
            self.refused("1007", call, None, None, "t")
        self.refused("1007", batch.uploadBatchFile, "", "t")
        self.refused("1007", batch.deleteBatchFile, "", "t")
        for call in (upgrade.createSoftwareUpgradeTask, upgrade.createFirmwareUpgradeTask):
            self.refused("1007", call, None, "t")
        single = (upgrade.queryUpgradePackage, upgrade.deleteUpgradePackage, upgrade.queryUpgradeTask)
        for call in (*single, upgrade.stopUpgradeTask, upgrade.deleteUpgradeTask):
            self.refused("1007", call, "", "t")
        self.refused("1007", upgrade.queryUpgradeSubTask, None, None, "t")

    def testARefreshNeedsAllThree(self):
        for missing in ("appId", "secret", "refreshToken"):
            inDTO = AuthRefreshInDTO()
            inDTO.setAppId("a")
            inDTO.setSecret("s")
            inDTO.setRefreshToken("r")
            setattr(inDTO, missing, None)
            self.refused("1007", Authentication(self.client).refreshAuthToken, inDTO)

    def testTheTokenIsNeitherNoneNorEmpty(self):
        batch, upgrade = BatchProcess(self.client), DeviceUpgrade(self.client)
        for token in (None, "", " "):
            self.refused("1009", batch.createBatchTask, {"taskName": "t"}, token)
            self.refused("1009", batch.uploadBatchFile, __file__, token)
            self.refused("1009", upgrade.queryUpgradeTaskList, None, token)
            self.refused("1009", Authentication(self.client).logout, token)

    def testClientInfoIsComplete(self):
        self.client.baseUrl = None
        for missing in INFO:
            info = {name: value for name, value in INFO.items() if name != missing}
            self.refused("1008", Authentication(self.client).getAuthToken, info)
            self.client.clientInfo = info
            self.refused("1008", BatchProcess(self.client).queryOneTask, "1", None, None, "t")
        for port in ("0", "65536", "x", "-1"):
            self.refused("1008", Authentication(self.client).getAuthToken, {**INFO, "platformPort": port})

    def testAppIdAndSecretHaveNoSpaces(self):
        for name in ("appId", "secret"):
            self.refused("1010", Authentication(self.client).getAuthToken, {**INFO, name: "a b"})
            refresh = {"appId": "a", "secret": "s", "refreshToken": "r", name: "a b"}
            self.refused("1010", Authentication(self.client).refreshAuthToken, refresh)

    def testSettingsThatSayNothingAreRefused(self):
        call = Authentication(self.client).getAuthToken
        for url in ("ftp://host", "//host", "http://", "http://h:99999", "http://h/?a=1", "http://user@h"):
            self.refused("1008", call, {**INFO, "baseUrl": url})
        for seconds in (0, -1, "soon", "nan"):
            self.refused("1008", call, {**INFO, "timeout": seconds})
        self.refused("1008", call, {**INFO, "baseUrl": "https://127.0.0.1", "verifyCertificate": "perhaps"})

    def testCertificateFilesThatAreNotThereAreRefused(self):
        info = {**INFO, "baseUrl": "https://127.0.0.1:1"}
        for name in ("caFile", "certFile"):
            self.refused("1006", Authentication(self.client).getAuthToken, {**info, name: "/nowhere.pem"})
        self.refused("1006", Authentication(self.client).getAuthToken, {**info, "caFile": __file__})

    def testAFileThatIsNotThereCannotBeUploaded(self):
        self.refused("1003", BatchProcess(self.client).uploadBatchFile, "/nowhere.csv", "t")

    def testATokenCannotSmuggleAHeader(self):
        self.refused("1003", BatchProcess(self.client).queryOneTask, "1", None, None, "t\r\nX-Other: 1")

    def testClientInfoMayBeADto(self):
        info = ClientInfo()
        info.setAppId("app")
        info.setSecret("s3cret")
        Authentication(self.client).getAuthToken(info)
        self.assertEqual(self.server.received[0].body, b"appId=app&secret=s3cret")
