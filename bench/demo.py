#!/usr/bin/env python3
"""How long it takes from an empty clone to a page that answers, and the second start.

    bench/demo.py [--size small|full]

Clones this repository into an empty place with an empty home directory and runs `./banso demo`;
package caches of the machine are used as they are. The last line is one JSON object: seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
PORT = "8978"


def until_it_answers(clone: Path, home: Path, size: str) -> float:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("BANSO_", "DJANGO_", "PYTHONPATH"))
    }
    environment = {**kept, "HOME": str(home)}
    began = time.monotonic()
    command = ["./banso", "demo", "--port", PORT, "--size", "large" if size == "full" else "normal"]
    process = subprocess.Popen(command, cwd=clone, env=environment)
    try:
        while process.poll() is None:
            try:
                with urlopen(f"http://127.0.0.1:{PORT}/sign-in/", timeout=5):
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.1)
        sys.exit("The demo ended before it answered.")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="small")
    size = parser.parse_args().size
    with tempfile.TemporaryDirectory(prefix="banso-clone-") as name:
        clone, home = Path(name, "banso"), Path(name, "home")
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        first = until_it_answers(clone, home, size)
        second = until_it_answers(clone, home, size)
    figures = {
        "benchmark": "demo",
        "size": size,
        "first_s": round(first, 1),
        "second_s": round(second, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
