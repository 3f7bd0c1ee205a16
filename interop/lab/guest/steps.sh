# What the scenarios share; sourced, with NQN set, by each. A scenario prints "ok STEP" for each step, "PASSED ..." at
# the end; at the first failure it prints "FAILED STEP" with all that the step said, and exits 1.
SAID=/run/lab/said MOUNT=/mnt/lab
controller= disk=
WAIT_TENTHS=600

# fail WHAT: says all there is to know, and leaves the guest fit for the next scenario if it can
fail() {
    echo "FAILED $1"
    cat $SAID
    echo "kernel log:"
    dmesg | tail -25
    ! grep -q " $MOUNT " /proc/mounts || umount $MOUNT
    [ -z "$controller" ] || timeout 60 nvme disconnect -n "$NQN"
    exit 1
}

# step NAME COMMAND...: the command must succeed
step() {
    name=$1
    shift
    "$@" > $SAID 2>&1 < /dev/null && echo "ok $name" && return
    code=$?
    fail "$name (exit code $code): $*"
}

# said WHAT PATTERN: the last step's output has a line that matches; tabs count as blanks
said() {
    tr '\t' ' ' < $SAID | grep -qiE "$2" || fail "$1: no line matches '$2' in:"
}

until_true() {
    tries=0
    until "$@" 2> /dev/null; do
        tries=$((tries + 1))
        [ $tries -lt $WAIT_TENTHS ] || return 1
        sleep 0.1
    done
}

# The controller (nvme0) that serves NQN; the block device of its namespace 1, whose name tells nothing of its number.
find_controller() {
    for c in /sys/class/nvme/nvme*; do
        [ "$(cat "$c/subsysnqn" 2> /dev/null)" = "$NQN" ] || continue
        controller=${c##*/}
        return 0
    done
    controller=
    return 1
}
find_disk() {
    for d in /sys/block/nvme*n*; do
        disk=/dev/${d##*/}        # a path to a namespace (nvme0c0n1) looks alike, but has no device
        [ -b "$disk" ] && [ "$(cat "$d/device/subsysnqn")" = "$NQN" ] && [ "$(cat "$d/nsid")" = 1 ] || continue
        [ "$(cat "$d/size")" -gt 0 ]
        return
    done
    return 1
}
is_live() { [ "$(cat "/sys/class/nvme/$controller/state")" = live ]; }
is_gone() { ! find_controller && [ ! -e "$disk" ]; }
