"""Signs in once: `one_login.py SETTINGS`, a JSON object of NorthApiClient's settings and clientInfo's members. Prints the accessToken
or the error's code."""

import json
import sys

from muster_legacy import Authentication, NorthApiException

info = {"appId": "app", "secret": "aB9", **json.loads(sys.argv[1])}
try:
    print(Authentication().getAuthToken(info).accessToken)
except NorthApiException as failure:
    print(failure.error_code)
