#!/usr/bin/busybox sh
# Every command of nvme-cli that says something of a target, or that a storage engineer would try, has sensible output.
#   commands.sh ADDRESS PORT NQN [-r]
# -r: the namespace has reservations. Needs 64 MiB of namespace 1, whose data it destroys.
ADDRESS=$1 PORT=$2 NQN=$3
shift 3
reservations=
while getopts r option; do
    case $option in
        r) reservations=1 ;;
        *) exit 2 ;;
    esac
done
. /lab/steps.sh

# refused NAME PATTERN COMMAND...: the command must fail with that status, and say so
refused() {
    name=$1 pattern=$2
    shift 2
    "$@" > $SAID 2>&1 < /dev/null && fail "$name was not refused: $*"
    said "$name" "$pattern"
    echo "ok $name (refused)"
}

identify() {
    step list nvme list
    said list "$disk"
    step list-subsys nvme list-subsys
    said list-subsys "NQN=$NQN"
    said list-subsys "traddr=$ADDRESS.*live"
    step id-ctrl nvme id-ctrl "/dev/$controller" -H
    said id-ctrl "^subnqn *: *$NQN"
    said id-ctrl '^cntrltype *: *1'
    said id-ctrl 'compare supported'
    step id-ns nvme id-ns "$disk" -H
    said id-ns '^nsze *: *0x[1-9a-f]'
    step list-ns nvme list-ns "/dev/$controller"
    said list-ns '^\[ *0\]: *0x1$'
    step list-ns-all nvme list-ns "/dev/$controller" --all
    said list-ns-all '^\[ *0\]: *0x1$'
    step list-ns-csi nvme list-ns "/dev/$controller" --csi=0
    said list-ns-csi '^\[ *0\]: *0x1$'
    step ns-descs nvme ns-descs "$disk"
    said ns-descs '^uuid *: *[0-9a-f-]*[1-9a-f]'
    step cmdset-ind-id-ns nvme cmdset-ind-id-ns "$disk"
    said cmdset-ind-id-ns '^nstat *: *0x1'
    step nvm-id-ns nvme nvm-id-ns "$disk"
    step nvm-id-ctrl nvme nvm-id-ctrl "/dev/$controller"
    step list-ctrl nvme list-ctrl "/dev/$controller"
    said list-ctrl "$(printf '0x%x' "$(cat "/sys/class/nvme/$controller/cntlid")")"
    step list-ctrl-ns nvme list-ctrl "/dev/$controller" --namespace-id=1
    said list-ctrl-ns "$(printf '0x%x' "$(cat "/sys/class/nvme/$controller/cntlid")")"
    step show-regs nvme show-regs -H "/dev/$controller"
    said show-regs 'ready *(\(RDY\))? *: *(yes|1)'
    step get-property nvme get-property "/dev/$controller" --offset=0x1c
    refused get-unknown-property 'invalid field' nvme get-property "/dev/$controller" --offset=0x30
}

logs() {
    step supported-log-pages nvme supported-log-pages "/dev/$controller"
    said supported-log-pages 'smart'
    step smart-log nvme smart-log "/dev/$controller"
    said smart-log '^critical_warning *: *0$'
    said smart-log '^data units written *: *[1-9]'
    said smart-log '^host_write_commands *: *[1-9]'
    step fw-log nvme fw-log "/dev/$controller"
    step effects-log nvme effects-log "/dev/$controller"
    said effects-log 'copy'
    step ana-log nvme ana-log "/dev/$controller"
    said ana-log 'state *: *optimized'
    step changed-ns-list-log nvme changed-ns-list-log "/dev/$controller"
    step resv-notif-log nvme resv-notif-log "/dev/$controller"
    refused telemetry-log 'log page|invalid' nvme endurance-log "/dev/$controller" --group-id=1
    # A command with a mistake: the error log must have it, with the place of the mistake.
    refused read-too-far 'lba out of range|out of range' \
        nvme read "$disk" --start-block=0xffffffffffff --block-count=0 --data-size=4096 --data=/dev/null
    step error-log nvme error-log "/dev/$controller"
    said error-log 'lba_out_of_range|lba out of range|0x80|0x4080'
    said error-log '^lba *: *0xffffffffffff'
    said error-log '^nsid *: *0x1'
}

features() {
    for feature in 0x01 0x02 0x04 0x05 0x06 0x07 0x0a 0x0b 0x0f; do
        step "get-feature-$feature" nvme get-feature "/dev/$controller" --feature-id=$feature
    done
    step get-host-id nvme get-feature "/dev/$controller" --feature-id=0x81 --cdw11=1 --data-len=16
    step get-host-behaviour nvme get-feature "/dev/$controller" --feature-id=0x16 --data-len=512
    step set-feature nvme set-feature "/dev/$controller" --feature-id=0x05 --value=0x10
    step get-feature-again nvme get-feature "/dev/$controller" --feature-id=0x05
    said get-feature-again '0x0*10'
    refused unknown-feature 'invalid field' nvme get-feature "/dev/$controller" --feature-id=0x7f
}

data() {
    size=$(blockdev --getss "$disk")
    dd if=/dev/urandom of=/run/lab/data bs="$size" count=4 2> /dev/null
    transfer="--start-block=100 --block-count=3 --data-size=$((4 * size))"
    step write nvme write "$disk" $transfer --data=/run/lab/data
    step write-fua nvme write "$disk" $transfer --data=/run/lab/data --force-unit-access
    step read nvme read "$disk" $transfer --data=/run/lab/read
    step same cmp /run/lab/data /run/lab/read
    step compare nvme compare "$disk" $transfer --data=/run/lab/data
    dd if=/dev/urandom of=/run/lab/other bs="$size" count=4 2> /dev/null
    refused compare-other 'compare failure' nvme compare "$disk" $transfer --data=/run/lab/other
    step verify nvme verify "$disk" --start-block=100 --block-count=3
    step copy nvme copy "$disk" --sdlba=200 --slbs=100,102 --blocks=1,1
    step read-copy nvme read "$disk" --start-block=200 --block-count=3 --data-size=$((4 * size)) --data=/run/lab/read
    step same-copy cmp /run/lab/data /run/lab/read
    step write-uncor nvme write-uncor "$disk" --start-block=300 --block-count=0
    refused read-uncor 'unrecovered read|read error' \
        nvme read "$disk" --start-block=300 --block-count=0 --data-size="$size" --data=/run/lab/read
    step write-again nvme write "$disk" --start-block=300 --block-count=0 --data-size="$size" --data=/run/lab/data
    step read-again nvme read "$disk" --start-block=300 --block-count=0 --data-size="$size" --data=/run/lab/read
    step write-zeroes nvme write-zeroes "$disk" --start-block=100 --block-count=1
    step write-zeroes-deac nvme write-zeroes "$disk" --start-block=102 --block-count=1 --deac
    step read-zeroes nvme read "$disk" $transfer --data=/run/lab/read
    dd if=/dev/zero of=/run/lab/zeroes bs="$size" count=4 2> /dev/null
    step zeroes cmp /run/lab/zeroes /run/lab/read
    step dsm nvme dsm "$disk" --namespace-id=1 --slbs=200,202 --blocks=2,2 --ad
    step flush nvme flush "$disk" --namespace-id=1
}

reservations() {
    step resv-report-none nvme resv-report "$disk" --eds
    said resv-report-none '^regctl *: *0'
    step resv-register nvme resv-register "$disk" --nrkey=0x1234 --rrega=0
    step resv-acquire nvme resv-acquire "$disk" --crkey=0x1234 --rtype=1 --racqa=0
    step resv-report nvme resv-report "$disk" --eds
    said resv-report '^regctl *: *1'
    said resv-report '^ *rtype *: *1'
    said resv-report 'rkey *: *1234'
    refused resv-wrong-key 'reservation conflict' nvme resv-release "$disk" --crkey=0x9999 --rtype=1 --rrela=0
    step resv-write nvme write "$disk" $transfer --data=/run/lab/data
    step resv-release nvme resv-release "$disk" --crkey=0x1234 --rtype=1 --rrela=0
    step resv-unregister nvme resv-register "$disk" --crkey=0x1234 --rrega=1
    step resv-report-again nvme resv-report "$disk" --eds
    said resv-report-again '^regctl *: *0'
}

mkdir -p /run/lab
modprobe nvme_tcp
step connect nvme connect -t tcp -a "$ADDRESS" -s "$PORT" -n "$NQN" --nr-io-queues=1
step controller until_true find_controller
step live until_true is_live
step disk until_true find_disk
identify
data
logs
features
[ -z "$reservations" ] || reservations
step disconnect nvme disconnect -n "$NQN"
step gone until_true is_gone
echo "PASSED commands kernel $(uname -r), $(nvme version | head -1)"
