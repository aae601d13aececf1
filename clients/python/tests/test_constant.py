import os
import sys
import tempfile
import unittest
from unittest import mock

from muster_legacy import Constant, NorthApiException

INI = """\ufeff[CLIENT_INFO]
platformIp = muster.example
PlatformPort: 8743
appId = app
secret = a%b
other = ignored
caFile = tls/ca.pem
certFile =

[SECOND]
appId = second
"""


class ConstantTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        environment = {name: value for name, value in os.environ.items() if name != "NORTHBOUND_INI"}
        for patch in (mock.patch.dict(os.environ, environment, clear=True), mock.patch.object(sys, "argv", ["/x/y.py"])):
            patch.start()
            self.addCleanup(patch.stop)
        self.addCleanup(os.chdir, os.getcwd())
        self.addCleanup(setattr, Constant, "iniFile", None)

    def write(self, *name):
        path = os.path.join(self.folder, *name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(INI)
        return path

    def testASectionIsADict(self):
        Constant.iniFile = self.write("any.ini")
        expected = {
            "platformIp": "muster.example",
            "platformPort": "8743",
            "appId": "app",
            "secret": "a%b",
            "caFile": os.path.join(self.folder, "tls/ca.pem"),
        }
        self.assertEqual(Constant().clientInfo(), expected)
        self.assertEqual(Constant().clientInfoEx("SECOND"), {"appId": "second"})

    def testItIsFoundInTheUsualPlaces(self):
        path = self.write("resources", "application.ini")
        os.chdir(self.folder)
        self.assertEqual(Constant().clientInfo()["appId"], "app")
        os.chdir("/")
        with mock.patch.object(sys, "argv", [os.path.join(self.folder, "program.py")]):
            self.assertEqual(Constant().clientInfo()["appId"], "app")
        with mock.patch.dict(os.environ, {"NORTHBOUND_INI": path}):
            self.assertEqual(Constant().clientInfo()["appId"], "app")

    def testWhatIsMissingIsSaid(self):
        os.chdir(self.folder)
        for iniFile, section in ((None, "CLIENT_INFO"), ("/nowhere.ini", "CLIENT_INFO"), (self.write("a.ini"), "THIRD")):
            Constant.iniFile = iniFile
            with self.subTest(iniFile), self.assertRaises(NorthApiException) as raised:
                Constant().clientInfoEx(section)
            self.assertEqual(raised.exception.error_code, "1008")
