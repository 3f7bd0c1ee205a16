#!/usr/bin/env python3
"""pack-scripts.py FOLDER OUT: a cpio archive with FOLDER's files as /lab/..., and /init.

The kernel unpacks archives one after the other, so this one is appended to the base initramfs at every start of a
guest, and a changed guest script needs no new build.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from newc import Cpio  # noqa: E402


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    cpio = Cpio(sys.argv[2])
    for name in sorted(os.listdir(sys.argv[1])):
        with open(os.path.join(sys.argv[1], name), "rb") as file:
            cpio.add("lab/" + name, file.read())
    cpio.link("init", "/lab/init")
    cpio.close()


main()
