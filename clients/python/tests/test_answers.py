import copy
import json
import pickle
import unittest

from muster_legacy import Answer, NorthApiException
from muster_legacy._failures import failureOf


class AnswerTest(unittest.TestCase):
    def testItIsTheTextOfTheAnswer(self):
        answer = Answer('{"taskID":"1"}', 200)
        self.assertIsInstance(answer, str)
        self.assertEqual(answer, '{"taskID":"1"}')
        self.assertEqual(json.loads(answer)["taskID"], "1")
        self.assertEqual(answer.json(), {"taskID": "1"})
        self.assertEqual(answer.http_status, 200)

    def testMembersAreAttributes(self):
        answer = Answer('{"status":"Running","param":{"type":"Broadcast"},"extra":1}', 200, ("status", "tags"))
        self.assertEqual((answer.status, answer.param, answer.extra), ("Running", {"type": "Broadcast"}, 1))
        self.assertIsNone(answer.tags)
        with self.assertRaises(AttributeError):
            answer.nothing

    def testAnEmptyOneHasNoJson(self):
        answer = Answer("", 204)
        self.assertEqual((answer, answer.json(), answer.http_status), ("", None, 204))

    def testOneThatIsNoObjectHasNoMembers(self):
        for text in ("[1]", "<html>"):
            with self.subTest(text), self.assertRaises(AttributeError):
                Answer(text, 200).status

    def testItSurvivesCopyingAndPickling(self):
        answer = Answer('{"status":"wait"}', 200, ("status", "policy"))
        for twin in (copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):
            self.assertEqual((twin, twin.http_status, twin.status, twin.policy), (answer, 200, "wait", None))


class FailureTest(unittest.TestCase):
    def testAnErrorCodeIsAFailureAtAnyStatus(self):
        body = {"error_code": "105005", "error_desc": "The batchTask is not existed.", "error_detail": "taskId"}
        for status in (200, 404):
            failure = failureOf(Answer(json.dumps(body), status), "Not Found")
            self.assertIsInstance(failure, NorthApiException)
            self.assertEqual((failure.error_code, failure.error_desc), ("105005", "The batchTask is not existed."))
            self.assertEqual((failure.httpStatusCode, failure.httpReasonPhase), (status, "Not Found"))
            self.assertEqual(failure.httpMessage, body)
            self.assertEqual(failure.message, f"105005 The batchTask is not existed. (taskId) (HTTP {status})")
            self.assertEqual(str(failure), failure.message)

    def testAStatusOf400OrMoreIsAFailureWithoutACode(self):
        self.assertIsNone(failureOf(Answer("", 204), "No Content"))
        self.assertIsNone(failureOf(Answer("<html>", 399), ""))
        for text, code, body in (("", "1005", None), ('{"a":1}', "1005", {"a": 1}), ("<html>", "1011", "<html>")):
            with self.subTest(text):
                failure = failureOf(Answer(text, 502), "Bad Gateway")
                self.assertEqual((failure.error_code, failure.httpStatusCode, failure.httpMessage), (code, 502, body))

    def testAnExceptionOfAnApplicationHasOnlyItsMessage(self):
        own = NorthApiException("mine")
        self.assertEqual((own.message, str(own), own.error_code, own.httpStatusCode), ("mine", "mine", None, -1))

    def testAnExceptionSurvivesPickling(self):
        failure = failureOf(Answer('{"error_code":"1"}', 400), "Bad Request")
        self.assertEqual(vars(pickle.loads(pickle.dumps(failure))), vars(failure))
