import ast
import glob
import importlib
import os
import pkgutil
import sys
import unittest

import muster_legacy

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


class PackageTest(unittest.TestCase):
    def testItIsWrittenInPython39(self):
        files = glob.glob(os.path.join(ROOT, "**", "*.py"), recursive=True)
        self.assertGreater(len(files), 50)
        for path in files:
            with self.subTest(path), open(path, encoding="utf-8") as file:
                ast.parse(file.read(), path, feature_version=(3, 9))

    def testItUsesTheStandardLibraryAlone(self):
        for path in glob.glob(os.path.join(ROOT, "muster_legacy", "**", "*.py"), recursive=True):
            with open(path, encoding="utf-8") as file:
                nodes = list(ast.walk(ast.parse(file.read())))
            names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
            names += [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
            allowed = {"muster_legacy", *getattr(sys, "stdlib_module_names", {name.split(".")[0] for name in names})}
            self.assertEqual([name for name in names if name.split(".")[0] not in allowed], [], path)

    def testEveryModuleIsFoundByItsOriginalPathToo(self):
        names = [name for _, name, _ in pkgutil.walk_packages(muster_legacy.__path__, "muster_legacy.")]
        public = [name for name in names if "._" not in name]
        self.assertGreater(len(public), 40)
        for name in public:
            with self.subTest(name):
                alias = importlib.import_module(name.replace("muster_legacy.", "com.huawei.iotplatform.", 1))
                self.assertIs(alias, importlib.import_module(name))

    def testEachModuleHoldsAClassOfItsNameThatNeedsNoArguments(self):
        modules = ("client.NorthApiClient", "constant.Constant", "utils.DictUtil", "client.NorthApiException")
        calls = ("client.invokeapi.Authentication", "client.invokeapi.BatchProcess", "client.invokeapi.DeviceUpgrade")
        for name in (*modules, *calls):
            with self.subTest(name):
                module = importlib.import_module("com.huawei.iotplatform." + name)
                getattr(module, name.split(".")[-1])()

    def testAModuleThatIsNotThereIsNotFoundByItsOriginalPath(self):
        with self.assertRaises(ModuleNotFoundError):
            importlib.import_module("com.huawei.iotplatform.client.dto.Nothing")
