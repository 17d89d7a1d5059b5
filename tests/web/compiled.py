"""The templates as jinja compiles them, kept for all applications that one test process makes."""

from typing import ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from triage.web.app import Application


class Compiled(BytecodeCache):
    """The code of each template by its name and its text: a text that changed is another one."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self.kept.get(bucket.key + bucket.checksum)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def keep_compiled() -> None:
    """Compile each template once: a service has one application, and a test run has thousands."""
    Application.jinja_options = {"bytecode_cache": Compiled()}
