"""JavaScript without a browser: by QuickJS in this process, or by Node where that is what there is."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from typing import Any

import pytest

from tests.harness import ROOT

SHARED = "pages/shared/packing.js"


def evaluate(files: tuple[str, ...], lines: str, **values: Any) -> Any:
    """What a function of these lines returns, after files without a page, with values by name.

    Args:
        files: from the repository's root.
        lines: the body of the function.
        values: what JSON holds, and bytes, which become a Uint8Array.
    """
    source = "\n".join((ROOT / file).read_text(encoding="utf-8").replace("export const", "const") for file in files)
    given = "\n".join(f"const {name} = {_literal(value)};" for name, value in values.items())
    script = f"{source}\nJSON.stringify((() => {{ {given}\n{lines} }})())"
    if find_spec("quickjs"):
        import quickjs

        return json.loads(quickjs.Context().eval(script))
    if shutil.which("node") is None:
        pytest.skip("neither the package quickjs nor Node is here")
    program = f"process.stdout.write(eval({json.dumps(script)}))"
    return json.loads(subprocess.run(["node", "-"], input=program, capture_output=True, text=True, check=True).stdout)


def compiles(module: str) -> None:
    """Raise what QuickJS says of a module that is none: a name that stands twice, a bracket that is not closed. Nothing of it is run."""
    if find_spec("quickjs"):
        import quickjs

        body = module.replace("export default ", "const exported = ").replace("export ", "")
        quickjs.Context().eval(f"(function () {{ 'use strict';\n{body}\n}})")


def _literal(value: Any) -> str:
    return f"Uint8Array.from({list(value)})" if isinstance(value, bytes) else json.dumps(value)
