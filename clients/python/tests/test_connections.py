import os
import socket
import tempfile
import threading
import unittest

from muster_legacy import BatchProcess, DeviceUpgrade, NorthApiClient, NorthApiException
from tests.plain_server import PlainServer, Told

INFO = {"appId": "app", "secret": "s3cret"}
REFUSED = b'{"error_code":"100022","error_desc":"The input is invalid"}'


class ConnectionsTest(unittest.TestCase):
    def setUp(self):
        self.server = PlainServer()
        self.addCleanup(self.server.stop)
        self.addCleanup(NorthApiClient.close)
        self.client = NorthApiClient()
        self.client.clientInfo = INFO
        self.client.baseUrl = self.server.url
        self.upgrade = DeviceUpgrade(self.client)
        self.batch = BatchProcess(self.client)

    def connections(self):
        return [each.connection for each in self.server.received]

    def testCallAfterCallUsesOneConnection(self):
        for _ in range(3):
            self.upgrade.queryUpgradeTask("1", "t")
        self.upgrade.createFirmwareUpgradeTask({"fileId": "f"}, "t")
        self.server.told = [Told(400, REFUSED)]
        with self.assertRaises(NorthApiException):
            self.upgrade.queryUpgradeTask("1", "t")
        self.upgrade.deleteUpgradePackage("f", "t")
        self.assertEqual(len(self.server.received), 6)
        self.assertEqual(len(set(self.connections())), 1)

    def testAConnectionThatTheServerClosesIsLeft(self):
        self.server.told = [Told(headers=(("Connection", "close"),))]
        self.upgrade.queryUpgradeTask("1", "t")
        self.upgrade.createFirmwareUpgradeTask({"fileId": "f"}, "t")
        self.assertEqual(len(set(self.connections())), 2)

    def testAConnectionIsLeftBeforeTheServerGivesItUp(self):
        self.server.told = [Told(headers=(("Keep-Alive", "timeout=1"),))]
        self.upgrade.queryUpgradeTask("1", "t")
        self.upgrade.queryUpgradeTask("1", "t")
        self.assertEqual(len(set(self.connections())), 2)

    def testAForkedProcessOpensItsOwn(self):
        self.upgrade.queryUpgradeTask("1", "t")
        child = os.fork()
        if child == 0:
            try:
                self.upgrade.queryUpgradeTask("2", "t")
                os._exit(0)
            finally:
                os._exit(1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.upgrade.queryUpgradeTask("3", "t")
        parents, childs, again = self.connections()
        self.assertNotEqual(parents, childs)
        self.assertEqual(parents, again)

    def testThreadsShareNoConnectionAtATime(self):
        answers = []
        body = b'{"operationId":"%d"}'
        self.server.told = [Told(body=body % index) for index in range(40)]

        def ask():
            for _ in range(10):
                answers.append(self.upgrade.queryUpgradeTask("1", "t").operationId)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(map(int, answers)), list(range(40)))

    def testErrorAnswersAreReturnedWhereTheOriginalIsWanted(self):
        self.client.raiseOnError = False
        self.server.told = [Told(400, REFUSED), Told(502, b"<html>")]
        answer = self.upgrade.queryUpgradeTask("1", "t")
        self.assertEqual((answer, answer.http_status, answer.error_code), (REFUSED.decode(), 400, "100022"))
        answer = self.upgrade.queryUpgradeTask("1", "t")
        self.assertEqual((answer, answer.http_status), ("<html>", 502))

    def testNoAnswerIsAnException(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.client.baseUrl = f"http://127.0.0.1:{taken.getsockname()[1]}"
            with self.assertRaises(NorthApiException) as raised:
                self.upgrade.queryUpgradeTask("1", "t")
        self.assertEqual((raised.exception.error_code, raised.exception.httpStatusCode), ("1003", -1))
        self.assertIsInstance(raised.exception.__cause__, OSError)

    def testAServerThatSaysNothingIsGivenUp(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            self.client.baseUrl = f"http://127.0.0.1:{silent.getsockname()[1]}"
            self.client.timeout = 0.05
            with self.assertRaises(NorthApiException) as raised:
                self.upgrade.queryUpgradeTask("1", "t")
        self.assertEqual(raised.exception.error_code, "1003")

    def testAnAnswerThatBreaksOffIsAnException(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            thread = threading.Thread(target=_answerHalf, args=(server,))
            thread.start()
            self.client.baseUrl = f"http://127.0.0.1:{server.getsockname()[1]}"
            with self.assertRaises(NorthApiException) as raised:
                self.upgrade.queryUpgradeTask("1", "t")
            thread.join()
        self.assertEqual((raised.exception.error_code, raised.exception.httpStatusCode), ("1004", 200))

    def testAPrefixOfTheBaseUrlStandsBeforeThePath(self):
        self.client.baseUrl = self.server.url + "/muster/"
        self.upgrade.queryUpgradeTask("1", "t")
        self.assertEqual(self.server.received[0].target, "/muster/iodm/northbound/v1.5.0/operations/1")

    def testTheClientInfoOverrulesTheClient(self):
        self.client.clientInfo = {**INFO, "baseUrl": self.server.url + "/other"}
        self.upgrade.queryUpgradeTask("1", "t")
        self.assertTrue(self.server.received[0].target.startswith("/other/"))

    def testAFileIsSentAsOnePart(self):
        content = b"node_id\r\n" + os.urandom(200_000)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'a"ü.csv')
            with open(path, "wb") as file:
                file.write(content)
            self.batch.uploadBatchFile(path, "t")
        (received,) = self.server.received
        kind, _, boundary = received.headers["content-type"].partition("; boundary=")
        head, _, rest = received.body.partition(b"\r\n\r\n")
        self.assertEqual(kind, "multipart/form-data")
        self.assertNotIn("transfer-encoding", received.headers)
        self.assertTrue(head.startswith(f"--{boundary}\r\n".encode()))
        self.assertIn('form-data; name="file"; filename="a%22ü.csv"'.encode(), head)
        self.assertEqual(rest, content + f"\r\n--{boundary}--\r\n".encode())


def _answerHalf(server):
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"operationId"')
