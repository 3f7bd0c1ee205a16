#!/usr/bin/env python3
"""unpack-kernel.py BZIMAGE VMLINUX: takes the ELF kernel out of an x86 boot image.

QEMU boots the ELF directly (PVH), which saves running the kernel's own decompressor under emulation.
Offsets are those of the Linux/x86 boot protocol (Documentation/arch/x86/boot.rst).
"""
import lzma
import struct
import subprocess
import sys
import zlib

SETUP_SECTORS = 0x1F1
PAYLOAD_OFFSET = 0x248          # followed by the payload's length; both 32 bits
ZSTD, XZ, GZIP, ELF = b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"\x1f\x8b", b"\x7fELF"


def unpack(payload):
    if payload.startswith(ZSTD):
        # The last four bytes are the unpacked size, which the zstd tool would take for a broken frame.
        return subprocess.run(["zstd", "-dcq"], input=payload[:-4], stdout=subprocess.PIPE, check=True).stdout
    if payload.startswith(XZ):
        return lzma.decompress(payload[:-4])
    if payload.startswith(GZIP):
        return zlib.decompressobj(31).decompress(payload)
    sys.exit("unpack-kernel: unknown compression, payload starts with " + payload[:8].hex())


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    if image[0x202:0x206] != b"HdrS" or image[0x1FE:0x200] != b"\x55\xaa":
        sys.exit("unpack-kernel: %s is no x86 boot image" % sys.argv[1])
    start = ((image[SETUP_SECTORS] or 4) + 1) * 512
    offset, length = struct.unpack_from("<II", image, PAYLOAD_OFFSET)
    kernel = unpack(image[start + offset:start + offset + length])
    if not kernel.startswith(ELF):
        sys.exit("unpack-kernel: the payload is no ELF file but starts with " + kernel[:8].hex())
    with open(sys.argv[2], "wb") as file:
        file.write(kernel)


main()
