import json
import unittest

from muster_legacy import NorthApiException
from muster_legacy._encoding import encodeForm, encodeJson, encodeQuery, encodeSegment
from muster_legacy.client.dto.BatchTaskCreateInDTO import BatchTaskCreateInDTO
from muster_legacy.client.dto.CommandDTOV4 import CommandDTOV4
from muster_legacy.client.dto.ObjectNode import ObjectNode
from muster_legacy.client.dto.QueryTaskDetailsInDTO import QueryTaskDetailsInDTO
from muster_legacy.client.dto.TagDTO2 import TagDTO2


def task():
    command = CommandDTOV4()
    command.setServiceId("Brightness")
    command.setMethod("SET")
    command.setParas({"brightness": 10, "unit": None})
    param = ObjectNode()
    param.setType("DeviceList")
    param.setDeviceList(("d-1", "d-2"))
    param.setCommand(command)
    tag = TagDTO2()
    tag.setTagName("Straße")
    inDTO = BatchTaskCreateInDTO()
    inDTO.setTaskName("t")
    inDTO.setParam(param)
    inDTO.setTags([tag, {"tagName": "b", "tagValue": None}])
    return inDTO


class JsonTest(unittest.TestCase):
    def testNestedDtosDictsAndListsAreWrittenWithoutMembersThatAreNone(self):
        self.assertEqual(
            json.loads(encodeJson(task())),
            {
                "taskName": "t",
                "param": {
                    "type": "DeviceList",
                    "deviceList": ["d-1", "d-2"],
                    # A dict is the caller's own matter.
                    "command": {"serviceId": "Brightness", "method": "SET", "paras": {"brightness": 10, "unit": None}},
                },
                "tags": [{"tagName": "Straße"}, {"tagName": "b", "tagValue": None}],
            },
        )

    def testTheTextIsCompactUtf8(self):
        self.assertEqual(encodeJson({"a": "ß", "b": None, "c": [1, True]}), '{"a":"ß","c":[1,true]}'.encode())

    def testAnObjectOfAnotherClassIsWrittenByItsAttributes(self):
        class Own:
            kind = "own"

            def __init__(self):
                self.paras = {"x": 1}
                self._hidden = 2

        self.assertEqual(encodeJson({"body": Own()}), b'{"body":{"kind":"own","paras":{"x":1}}}')

    def testWhatJsonCannotSayIsRefused(self):
        for value in (float("nan"), {1, 2}, b"bytes"):
            with self.subTest(value), self.assertRaises(NorthApiException) as raised:
                encodeJson({"a": value})
            self.assertEqual(raised.exception.error_code, "1003")


class QueryTest(unittest.TestCase):
    def testMembersThatAreNoneAreNotSent(self):
        inDTO = QueryTaskDetailsInDTO()
        inDTO.setTaskId("a b&c=d/ü")
        inDTO.setPageNo(0)
        self.assertEqual(encodeQuery(inDTO), "?pageNo=0&taskId=a%20b%26c%3Dd%2F%C3%BC")
        self.assertEqual(encodeQuery(QueryTaskDetailsInDTO()), "")
        self.assertEqual(encodeQuery(None), "")

    def testValuesAreTextsIntegersOrBooleans(self):
        self.assertEqual(encodeQuery({"a": "1", "b": 1, "c": True, "d": False}), "?a=1&b=1&c=true&d=false")

    def testAnIdStaysOnePartOfThePath(self):
        self.assertEqual(encodeSegment("../a?b#c%"), "..%2Fa%3Fb%23c%25")

    def testAFormOfUsualValuesLooksAsTheOriginalSendsIt(self):
        self.assertEqual(encodeForm({"appId": "App_1-x", "secret": "aB9"}), b"appId=App_1-x&secret=aB9")
        self.assertEqual(encodeForm({"secret": "a&b%41"}), b"secret=a%26b%2541")
