"""Writes the archives that the kernel takes as an initramfs."""
import os
import stat


class Cpio:
    """A cpio archive in the "newc" format, the one the kernel unpacks."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.names = set()

    def _entry(self, name, mode, data):
        encoded = name.encode() + b"\0"
        fields = [len(self.names) + 1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + encoded
        self.file.write(head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4))
        self.names.add(name)

    def directory(self, name):
        if name and name not in self.names:
            self.directory(os.path.dirname(name))
            self._entry(name, stat.S_IFDIR | 0o755, b"")

    def add(self, name, data, mode=stat.S_IFREG | 0o755):
        if name not in self.names:
            self.directory(os.path.dirname(name))
            self._entry(name, mode, data)

    def link(self, name, to):
        self.add(name, to.encode(), stat.S_IFLNK | 0o777)

    def close(self):
        self._entry("TRAILER!!!", 0, b"")
        self.file.write(b"\0" * (-self.file.tell() % 512))
        self.file.close()
