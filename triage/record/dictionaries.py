"""The words that each packing knows beforehand, in files that are never changed.

Records rest on their very bytes; better words make another packing with a number of its own. The
record holds a copy of them, so that it can be read without this program.
"""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("packings")
WORDS = {  # the words of each packing, by the name of their file and their hash
    "1-told": "bd6c41fd79e59f1f61df2c7d357f44f8fadfd840db0c03e58b20f06fcc8ae7cd",
    "1-whole": "9c9df74ef946fcf1eee7678d6b0fa2a64e6a738771a52bcc8ff427438dfaf630",
    "2": "0c8bbe1f3a14fd3f6de13baf0f4a9f93a2cac98999fb09a9bd5059d99c3ee956",
    "3": "ea580ec2766b546c9a7a870a70afc6778f00ddd672dce8e946a6f97ba2d8fd99",
}


@cache
def words(name: str) -> bytes:
    """The words of one packing; raises RuntimeError when they are not those it was made with."""
    kind = "txt" if name.startswith("1") else "zdict"
    found = (FOLDER / f"{name}.{kind}").read_bytes()
    if hashlib.sha256(found).hexdigest() != WORDS[name]:
        raise RuntimeError(f"The words {name} of the record's packing were changed.")
    return found
