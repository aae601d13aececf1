"""Client of Muster's legacy northbound API (docs/contract/legacy.md), with the original client's names."""

from muster_legacy._answer import Answer
from muster_legacy._version import __version__
from muster_legacy.client.invokeapi.Authentication import Authentication
from muster_legacy.client.invokeapi.BatchProcess import BatchProcess
from muster_legacy.client.invokeapi.DeviceUpgrade import DeviceUpgrade
from muster_legacy.client.NorthApiClient import NorthApiClient
from muster_legacy.client.NorthApiException import NorthApiException
from muster_legacy.constant.Constant import Constant

__all__ = [
    "Answer",
    "Authentication",
    "BatchProcess",
    "Constant",
    "DeviceUpgrade",
    "NorthApiClient",
    "NorthApiException",
    "__version__",
]
