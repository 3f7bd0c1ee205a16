# Shared by the lab's scripts: the cache folder, the ways to give up, QEMU out of its own folder.
cache=${NVMEOF_LAB_CACHE:-$HOME/.cache/nvmeof-lab}
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac

die() {                     # a mistake of the caller, or a failure
    echo "lab: $*" >&2
    exit 1
}
cannot() {                  # the lab cannot run on this machine: exit code 3 tells this from a failure
    echo "lab: cannot run: $*" >&2
    exit 3
}
qemu() {
    local q=${LAB_QEMU:-$cache/qemu} libraries
    libraries=$q/usr/lib/x86_64-linux-gnu
    LD_LIBRARY_PATH=$libraries QEMU_MODULE_DIR=$libraries/qemu \
        "$q/usr/bin/qemu-system-x86_64" -L "$q/usr/share/qemu" -L "$q/usr/share/seabios" "$@"
}
