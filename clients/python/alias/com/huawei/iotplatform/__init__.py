"""The original client's module paths for `muster_legacy`.

`com.huawei.iotplatform.client.dto.TagDTO` is the very module `muster_legacy.client.dto.TagDTO`, not a copy of it, so that classes
imported by either path are the same classes. `com` and `com.huawei` have no `__init__.py`: other packages may live there.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys

_TARGET = "muster_legacy"


class _SameModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `<this package>.x.y` where `muster_legacy.x.y` is found."""

    def __init__(self, alias, target):
        self._prefix = alias + "."
        self._target = target + "."

    def find_spec(self, fullname, path=None, target=None):
        if not fullname.startswith(self._prefix):
            return None
        found = importlib.util.find_spec(self._targetOf(fullname))
        if found is None:
            return None
        isPackage = found.submodule_search_locations is not None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=isPackage)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        # The import system goes on with what stands here after loading.
        sys.modules[module.__name__] = importlib.import_module(self._targetOf(module.__name__))

    def _targetOf(self, fullname):
        return self._target + fullname[len(self._prefix) :]


sys.meta_path.insert(0, _SameModule(__name__, _TARGET))
