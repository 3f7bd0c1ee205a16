#!/usr/bin/busybox sh
# The kernel as NVMe/TCP target (nvmet), set up through configfs.
#   target.sh up -a ADDRESS -s PORT -n NQN [-m MiB]     namespace 1: RAM disk, 512-byte blocks;
#                                                       namespace 2: null_blk kept in memory, 4096-byte blocks
#   target.sh down
# ADDRESS is the one in the discovery log, so it must be that at which the *host* reaches this guest. For a host outside
# the guest that is 127.0.0.1 with a forwarded port of the same number on both sides (guest/init explains).
set -e
CONFIG=/sys/kernel/config/nvmet
NULLB=/sys/kernel/config/nullb/labnull

up() {
    address=127.0.0.1 port=4420 nqn=nqn.2014-08.org.nvmexpress:lab size=256
    while getopts a:s:n:m: option; do
        case $option in
            a) address=$OPTARG ;;
            s) port=$OPTARG ;;
            n) nqn=$OPTARG ;;
            m) size=$OPTARG ;;
            *) exit 2 ;;
        esac
    done
    modprobe nvmet
    modprobe nvmet_tcp
    modprobe brd rd_nr=1 rd_size=$((size * 1024))
    modprobe null_blk nr_devices=0
    mkdir $NULLB
    echo "$size" > $NULLB/size
    echo 1 > $NULLB/memory_backed
    echo 4096 > $NULLB/blocksize
    echo 1 > $NULLB/discard
    echo 1 > $NULLB/power
    subsystem=$CONFIG/subsystems/$nqn
    mkdir "$subsystem"
    echo 1 > "$subsystem/attr_allow_any_host"
    echo NVMEOFLAB01 > "$subsystem/attr_serial"
    echo "nvmeof lab" > "$subsystem/attr_model"
    namespace 1 /dev/ram0
    namespace 2 /dev/labnull
    mkdir $CONFIG/ports/1
    cd $CONFIG/ports/1
    echo tcp > addr_trtype
    echo ipv4 > addr_adrfam
    echo "$address" > addr_traddr
    echo "$port" > addr_trsvcid
    ln -s "$subsystem" subsystems/
    echo "TARGET $nqn at $address:$port, kernel $(uname -r)"
}

namespace() {
    mkdir "$subsystem/namespaces/$1"
    echo "$2" > "$subsystem/namespaces/$1/device_path"
    echo 1 > "$subsystem/namespaces/$1/enable"
}

down() {
    [ -d $CONFIG ] || exit 0
    for link in $CONFIG/ports/*/subsystems/*; do [ ! -L "$link" ] || rm "$link"; done
    for port in $CONFIG/ports/*; do [ ! -d "$port" ] || rmdir "$port"; done
    for namespace in $CONFIG/subsystems/*/namespaces/*; do [ ! -d "$namespace" ] || rmdir "$namespace"; done
    for subsystem in $CONFIG/subsystems/*; do [ ! -d "$subsystem" ] || rmdir "$subsystem"; done
    [ ! -d $NULLB ] || rmdir $NULLB
    modprobe -r brd
    echo "TARGET down"
}

command=$1
shift
case $command in
    up) up "$@" ;;
    down) down ;;
    *) echo "target.sh: up or down" >&2; exit 2 ;;
esac
