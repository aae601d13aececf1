import configparser
import os
import sys
from typing import Optional

from muster_legacy import _problems
from muster_legacy._problems import problem

_MEMBERS = ("platformIp", "platformPort", "appId", "secret")
_SETTINGS = ("baseUrl", "verifyCertificate", "verifyHostName", "timeout", "keyPassword")
# Relative ones are looked for beside application.ini.
_FILES = ("caFile", "certFile", "keyFile")
_SPELLINGS = {name.lower(): name for name in (*_MEMBERS, *_SETTINGS, *_FILES)}


class Constant:
    """Reads application.ini.

    Where it is: `Constant.iniFile`; else the environment variable NORTHBOUND_INI; else `application.ini` or
    `resources/application.ini` in the current folder or in that of the program that was started.
    """

    iniFile: Optional[str] = None

    def clientInfo(self):
        """The section [CLIENT_INFO] as a dict."""
        return self.clientInfoEx("CLIENT_INFO")

    def clientInfoEx(self, title):
        """The section [title] as a dict: platformIp, platformPort, appId, secret, and settings of NorthApiClient."""
        path = self._find()
        parser = configparser.RawConfigParser()
        try:
            with open(path, encoding="utf-8-sig") as file:
                parser.read_file(file)
        except (OSError, ValueError, configparser.Error) as error:
            raise problem(_problems.CLIENT_INFO, f"{path}: {error}.") from error
        if not parser.has_section(title):
            raise problem(_problems.CLIENT_INFO, f"{path} has no section [{title}].")
        # The parser has lowered the names; whatever else stands in the section is not ours.
        found = {_SPELLINGS[name]: value for name, value in parser.items(title) if name in _SPELLINGS and value}
        folder = os.path.dirname(os.path.abspath(path))
        return {name: os.path.join(folder, value) if name in _FILES else value for name, value in found.items()}

    def _find(self):
        named = self.iniFile or os.environ.get("NORTHBOUND_INI")
        if named:
            return named
        folders = [os.getcwd(), os.path.dirname(os.path.abspath(sys.argv[0]))]
        places = [os.path.join(folder, *under) for folder in folders for under in ((), ("resources",))]
        for place in places:
            path = os.path.join(place, "application.ini")
            if os.path.isfile(path):
                return path
        raise problem(_problems.CLIENT_INFO, f"There is no application.ini in {', '.join(places)}.")
