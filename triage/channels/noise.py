"""Noise on this machine: a sound of our own by whatever player there is, else the bell.

It shares nothing with the service. Whoever sits beside this machine hears it until it is over.
"""

import io
import math
import shutil
import subprocess
import sys
import wave
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
_RATE = 16_000  # samples a second
_TONES = ((880, 0.25), (1175, 0.25)) * 2  # two tones, as the siren of a desk
_LONGEST = 10.0  # seconds for one play, whatever the player does
_PAUSE = 1.0


@dataclass
class Noise:
    """Sounds again and again while it is on."""

    player: tuple[str, ...] = ()  # a program and its first words; the sound is its last; () is any
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None
    _file: Path | None = None

    def on(self) -> None:
        """Sound from now on, on a thread of its own."""
        if self._thread is None:
            self._stop.clear()
            self._thread = Thread(target=self._sound, name="noise", daemon=True)
            self._thread.start()

    def off(self) -> None:
        """Fall silent."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None

    def once(self) -> str:
        """Sound once, so that whoever is there hears that it can; by what."""
        player = self._chosen()
        if player is not None:
            self._file = self._file or _written()
            try:
                subprocess.run(
                    [*player, str(self._file)], timeout=_LONGEST, check=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except (OSError, subprocess.SubprocessError):
                pass  # a player without a loudspeaker: the bell is left
            else:
                return player[0]
        sys.stderr.write("\a")
        sys.stderr.flush()
        return "the bell of this terminal"

    def _sound(self) -> None:
        while not self._stop.is_set():
            self.once()
            self._stop.wait(_PAUSE)

    def _chosen(self) -> tuple[str, ...] | None:
        if self.player:
            return self.player
        return next((each for each in PLAYERS if shutil.which(each[0])), None)


def _written() -> Path:
    """The sound as a file of its own, for a player that takes the name of one."""
    file = Path(mkdtemp(prefix="triage-")) / "siren.wav"
    file.write_bytes(sound())
    return file


def sound() -> bytes:
    """Two tones, four times, as a WAV file."""
    samples = array("h")
    for hertz, seconds in _TONES:
        step = 2 * math.pi * hertz / _RATE
        samples.extend(int(24_000 * math.sin(step * at)) for at in range(int(_RATE * seconds)))
    if sys.byteorder == "big":
        samples.byteswap()
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    return written.getvalue()
