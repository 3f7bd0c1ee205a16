#!/usr/bin/env python3
"""pack.py TREE MODULE-LIST OUT PROGRAM...: packs the guest's initramfs from unpacked Debian packages.

TREE holds a kernel's modules and the userland. The result is an uncompressed cpio (nothing to inflate under
emulation): busybox with a link for each applet, the wanted modules with everything they depend on, and the PROGRAMs
with the shared libraries that they need. Neither root nor chroot nor any tool besides xz and zstd is needed.
"""
import lzma
import os
import re
import stat
import struct
import subprocess
import sys

from newc import Cpio

LIBRARIES = "usr/lib/x86_64-linux-gnu"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def needed(elf):
    """The sonames in DT_NEEDED of an x86-64 ELF file."""
    program_headers, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    segments, dynamic = [], None
    for index in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", elf, program_headers + index * size)
        if kind == 1:
            segments.append((address, offset, length))
        elif kind == 2:
            dynamic = (offset, length)
    if dynamic is None:
        return []                       # static
    tags = [struct.unpack_from("<QQ", elf, dynamic[0] + at) for at in range(0, dynamic[1], 16)]
    strings = next(value for tag, value in tags if tag == 5)
    strings = next(strings - a + o for a, o, length in segments if a <= strings < a + length)
    names = [strings + value for tag, value in tags if tag == 1]
    return [elf[at:elf.index(b"\0", at)].decode() for at in names]


def inside(tree, path):
    """Follows symbolic links as the guest would: absolute ones start at TREE, not at this machine's root."""
    for _ in range(20):
        full = os.path.join(tree, path.lstrip("/"))
        if not os.path.islink(full):
            return full
        path = os.path.normpath(os.path.join("/", os.path.dirname(path), os.readlink(full)))
    sys.exit("pack: too many links at " + path)


def add_programs(cpio, tree, programs):
    libraries = {}
    for directory, _, files in os.walk(os.path.join(tree, "usr/lib/x86_64-linux-gnu")):
        for name in files:
            if ".so" in name:
                libraries.setdefault(name, os.path.relpath(os.path.join(directory, name), tree))
    missing, seen = [], set()

    def add(name, path):
        if path in seen:
            return
        seen.add(path)
        data = read(inside(tree, path))
        cpio.add(name, data)
        for soname in needed(data):
            if soname in libraries:
                add(libraries[soname], libraries[soname])
            else:
                missing.append("%s (for %s)" % (soname, path))

    for program in programs:
        found = [d + program for d in ("usr/bin/", "usr/sbin/") if os.path.lexists(os.path.join(tree, d + program))]
        if not found:
            sys.exit("pack: the packages hold no program " + program)
        add("usr/bin/" + program, found[0])
    add(LIBRARIES + "/libgcc_s.so.1", LIBRARIES + "/libgcc_s.so.1")    # loaded by name when a thread ends
    if missing:
        sys.exit("pack: libraries missing: " + ", ".join(missing))
    cpio.link("lib64/ld-linux-x86-64.so.2", "/" + LIBRARIES + "/ld-linux-x86-64.so.2")


def add_busybox(cpio, tree):
    busybox = os.path.join(tree, "usr/bin/busybox")
    cpio.add("usr/bin/busybox", read(busybox))
    for applet in subprocess.run([busybox, "--list"], stdout=subprocess.PIPE, check=True, text=True).stdout.split():
        cpio.link("usr/bin/" + applet, "busybox")
    for name in ("bin", "sbin", "usr/sbin"):
        cpio.link(name, "/usr/bin")         # /sbin/modprobe is what the kernel itself runs
    cpio.link("lib", "/usr/lib")


def module_data(path):
    if path.endswith(".xz"):
        return lzma.decompress(read(path))
    if path.endswith(".zst"):
        return subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout
    return read(path)


def module_info(data, key):
    return [v.decode() for v in re.findall(rb"(?<=\0)" + key + rb"=([^\0]*)\0", b"\0" + data)]


def add_modules(cpio, tree, wanted):
    """Adds modules with modules.dep and modules.alias, which busybox's modprobe reads; depmod is not needed."""
    base = os.path.join(tree, "usr/lib/modules")
    release, = [name for name in os.listdir(base) if os.path.isdir(os.path.join(base, name, "kernel"))]
    paths = {}
    for directory, _, files in os.walk(os.path.join(base, release, "kernel")):
        for name in files:
            if ".ko" in name:
                paths[name.split(".ko")[0].replace("-", "_")] = os.path.join(directory, name)
    with open(os.path.join(base, release, "modules.builtin"), encoding="ascii") as file:
        builtin = {os.path.basename(line.strip())[:-3].replace("-", "_") for line in file}
    depends, aliases, skipped = {}, [], []

    def load(name):
        name = name.replace("-", "_")
        if name in depends or name in builtin:
            return
        if name not in paths:
            skipped.append(name)
            return
        data = module_data(paths[name])
        cpio.add("usr/lib/modules/%s/%s.ko" % (release, name), data, stat.S_IFREG | 0o644)
        hard = [d.replace("-", "_") for line in module_info(data, b"depends") for d in line.split(",") if d]
        soft = re.findall(r"[\w-]+(?![\w:-])", " ".join(module_info(data, b"softdep")))
        depends[name] = hard
        aliases.extend("alias %s %s\n" % (alias, name) for alias in module_info(data, b"alias"))
        for dependency in hard + [d for d in soft if d.replace("-", "_") in paths]:
            load(dependency)

    def closure(name, found):
        for dependency in depends[name]:
            if dependency in depends and dependency not in found:
                found.append(dependency)
                closure(dependency, found)
        return found

    for name in wanted:
        load(name)
    lines = "".join("%s.ko:%s\n" % (name, "".join(" %s.ko" % d for d in closure(name, []))) for name in sorted(depends))
    for name, text in (("modules.dep", lines), ("modules.alias", "".join(aliases)), ("modules.symbols", "")):
        cpio.add("usr/lib/modules/%s/%s" % (release, name), text.encode(), stat.S_IFREG | 0o644)
    print("pack: kernel %s, %d modules%s" % (release, len(depends),
          "; this kernel has no " + " ".join(sorted(set(skipped))) if skipped else ""))


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    tree, module_list, out, programs = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    with open(module_list, encoding="ascii") as file:
        wanted = [name for line in file for name in line.split("#")[0].split()]
    cpio = Cpio(out)
    for name in ("proc", "sys", "dev", "run", "mnt", "root", "etc/nvme", "var"):
        cpio.directory(name)
    cpio.add("tmp", b"", stat.S_IFDIR | 0o1777)
    for name, text in (("passwd", "root:x:0:0:root:/root:/bin/sh\n"), ("group", "root:x:0:\n"),
                       ("hosts", "127.0.0.1 localhost\n"), ("nsswitch.conf", "passwd: files\nhosts: files\n")):
        cpio.add("etc/" + name, text.encode(), stat.S_IFREG | 0o644)
    cpio.add("etc/mke2fs.conf", read(os.path.join(tree, "etc/mke2fs.conf")), stat.S_IFREG | 0o644)
    add_programs(cpio, tree, programs)
    cpio.link("usr/bin/mkfs.ext4", "mke2fs")     # under these names busybox's shell does not take its own applets
    cpio.link("usr/bin/fsck.ext4", "e2fsck")
    add_busybox(cpio, tree)
    add_modules(cpio, tree, wanted)
    cpio.close()


main()
