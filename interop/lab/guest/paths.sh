#!/usr/bin/busybox sh
# Native multipath: one namespace over several paths, under load, while somebody else changes the paths.
#   paths.sh NQN connect ADDRESS PORT...    one controller for each port
#   paths.sh NQN load SECONDS STALL         fio with verification begins, in the background; an I/O above STALL seconds
#                                           is an error
#   paths.sh NQN states "STATE STATE..."    the paths come to have these ANA states, in the order of the ports
#   paths.sh NQN result                     fio is done, and had no error
#   paths.sh NQN disconnect
NQN=$1 action=$2
shift 2
. /lab/steps.sh

# The controllers of NQN in the order of their ports' numbers
controllers() {
    for c in /sys/class/nvme/nvme*; do
        [ "$(cat "$c/subsysnqn" 2> /dev/null)" = "$NQN" ] || continue
        echo "$(sed 's/.*trsvcid=\([0-9]*\).*/\1/' "$c/address") $c"
    done | sort -n | cut -d' ' -f2
}
all_live() {
    [ "$(controllers | wc -l)" = "$1" ] || return 1
    for c in $(controllers); do [ "$(cat "$c/state")" = live ] || return 1; done
}
states() {
    for c in $(controllers); do cat "$c"/nvme*c*n*/ana_state; done | tr '\n' ' '
}
has_states() { [ "$(states 2> /dev/null)" = "$1 " ]; }

mkdir -p /run/lab
case $action in
    connect)
        modprobe nvme_tcp
        address=$1
        shift
        for port in "$@"; do
            step "connect-$port" nvme connect -t tcp -a "$address" -s "$port" -n "$NQN" --nr-io-queues=1 \
                --reconnect-delay=1
        done
        step live until_true all_live $#
        step disk until_true find_disk
        step one-disk [ "$(ls /dev/nvme*n* | wc -l)" = 1 ]
        ;;
    load)
        find_disk || fail "no disk"
        rm -f /run/lab/fio.exit
        (
            fio --name=load --filename="$disk" --direct=1 --ioengine=libaio --rw=randwrite --bs=4k --iodepth=4 \
                --size=16m --time_based --runtime="$1" --verify=crc32c --verify_backlog=256 --verify_fatal=1 \
                --randrepeat=1 --max_latency="$2"s > /run/lab/fio.out 2>&1 < /dev/null
            echo $? > /run/lab/fio.exit
        ) > /dev/null 2>&1 < /dev/null &
        echo "ok load"
        ;;
    states)
        until_true has_states "$1" || { states > $SAID; fail "expected states '$1', there are:"; }
        echo "ok states $1"
        ;;
    result)
        step fio-done until_true [ -e /run/lab/fio.exit ]
        cp /run/lab/fio.out $SAID
        [ "$(cat /run/lab/fio.exit)" = 0 ] || fail "fio"
        said fio 'err= 0'
        grep -E 'IOPS|clat \(|max=' $SAID | head -4
        echo "PASSED load"
        ;;
    disconnect) step disconnect nvme disconnect -n "$NQN" ;;
    *) exit 2 ;;
esac
