"""One speaker as a process: orders come as JSON lines, sound goes out as numbers.

Takes the large libraries from the voices' own folder, so that serving calls needs none of them. An
order is ``{"texts", "language", "voice", "speed"}``; the answer is a JSON line with the number of
``samples`` of each text, followed by all of them as 32-bit floats at 24 kHz, or a line with an
``error``.
"""

import json
import logging
import os
import sys
from pathlib import Path

from ivrengine.speech.voices.environment import PACKAGES_DIR

_NICENESS = 10


def main() -> None:
    """Serve orders from standard input until it closes."""
    os.nice(_NICENESS)
    logging.disable(logging.WARNING)
    folder = Path(sys.argv[1])
    sys.path.insert(0, str(folder / PACKAGES_DIR))
    from ivrengine.speech.voices.kokoro_model import KokoroModel  # needs the path above

    model = KokoroModel(folder)
    out = sys.stdout.buffer
    for line in sys.stdin:
        order = json.loads(line)
        try:
            spoken = model.say(
                order["texts"],
                language=order["language"],
                voice=order["voice"],
                speed=order["speed"],
            )
        except (ValueError, OSError) as fault:
            out.write(json.dumps({"error": str(fault)}).encode() + b"\n")
        else:
            out.write(json.dumps({"samples": [len(part) for part in spoken]}).encode() + b"\n")
            for part in spoken:
                out.write(part.astype("<f4").tobytes())
        out.flush()


if __name__ == "__main__":
    main()
