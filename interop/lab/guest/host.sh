#!/usr/bin/busybox sh
# The kernel as NVMe/TCP host: the life of a namespace from discovery to "the data is still there".
#   host.sh ADDRESS PORT NQN [-q QUEUES] [-w WRITE-QUEUES] [-g] [-G] [-x TRADDR]
# -q, -w: I/O queues for all and for writes only; -g, -G: header digest, data digest; -x: the address that the
# discovery log must name, if not ADDRESS (seen from the guest, this machine's 127.0.0.1 is another address).
# Needs 160 MiB of namespace 1, whose data it destroys.
ADDRESS=$1 PORT=$2 NQN=$3
shift 3
queues=1 write_queues=0 digests= traddr=$ADDRESS
while getopts q:w:gGx: option; do
    case $option in
        q) queues=$OPTARG ;;
        w) write_queues=$OPTARG ;;
        g) digests="$digests --hdr-digest" ;;
        G) digests="$digests --data-digest" ;;
        x) traddr=$OPTARG ;;
        *) exit 2 ;;
    esac
done
FILESYSTEM_MIB=64 RANDOM_AT=64m SEQUENTIAL_AT=96m RANDOM_SIZE=8m SEQUENTIAL_SIZE=16m
. /lab/steps.sh

has_queues() { [ "$(cat "/sys/class/nvme/$controller/queue_count")" = $((queues + write_queues + 1)) ]; }

connect() {
    arguments="--nr-io-queues=$queues"
    [ "$write_queues" = 0 ] || arguments="$arguments --nr-write-queues=$write_queues"
    step "connect$1" nvme connect -t tcp -a "$ADDRESS" -s "$PORT" -n "$NQN" $arguments $digests
    step "controller$1" until_true find_controller
    step "live$1" until_true is_live
    step "disk$1" until_true find_disk
    step "queues$1" until_true has_queues
}
disconnect() {
    step "disconnect$1" nvme disconnect -n "$NQN"
    step "gone$1" until_true is_gone
}

look() {
    step list nvme list
    said list "$disk"
    step id-ctrl nvme id-ctrl "/dev/$controller"
    said id-ctrl "^subnqn *: *$NQN"
    said id-ctrl "^cntlid *: *0x$(printf %x "$(cat "/sys/class/nvme/$controller/cntlid")")\$"
    step id-ns nvme id-ns "$disk"
    block=/sys/block/${disk#/dev/}
    blocks=$(($(cat "$block/size") * 512 / $(cat "$block/queue/logical_block_size")))
    said id-ns "^nsze *: *0x$(printf %x $blocks)\$"
    said id-ns 'in use'
    step list-ns nvme list-ns "/dev/$controller"
    said list-ns '^\[ *0\]: *0x1$'
    step smart-log nvme smart-log "/dev/$controller"
    said smart-log '^critical_warning *: *0$'
    step effects-log nvme effects-log "/dev/$controller"
    said effects-log 'read'
    said effects-log 'write'
    step show-regs nvme show-regs -H "/dev/$controller"
    said show-regs 'cap'
    said show-regs 'ready *(\(RDY\))? *: *(yes|1)'
    step ns-descs nvme ns-descs "$disk"
    said ns-descs '^(uuid|nguid|eui64) *: *[0-9a-f-]*[1-9a-f]'
}

files() {
    mkdir -p $MOUNT
    step mkfs mkfs.ext4 -q -F "$disk" ${FILESYSTEM_MIB}M
    step mount mount -t ext4 "$disk" $MOUNT
    mkdir -p $MOUNT/many
    step big-file dd if=/dev/urandom of=$MOUNT/big bs=1M count=12
    step small-files sh -c "for i in \$(seq 150); do echo \$i \$RANDOM > $MOUNT/many/\$i || exit 1; done"
    step copy sh -c "cp -r /lab $MOUNT/copy && sync"
    step sums sh -c "cd $MOUNT && find . -type f -exec md5sum {} + > /run/lab/sums && [ -s /run/lab/sums ]"
    step umount umount $MOUNT
    step fsck fsck.ext4 -f -n "$disk"
    files_again ""
}
files_again() {
    # Another mount reads from the namespace what the page cache no longer has.
    step "remount$1" mount -t ext4 -o ro "$disk" $MOUNT
    step "same-files$1" sh -c "cd $MOUNT && md5sum -c /run/lab/sums"
    step "umount-again$1" umount $MOUNT
}

load() {
    common="--filename=$disk --direct=1 --ioengine=libaio --verify=crc32c --do_verify=1 --verify_fatal=1 --randrepeat=1"
    step fio-4k-random fio --name=random $common --rw=randwrite --bs=4k --iodepth=16 \
        --offset=$RANDOM_AT --size=$RANDOM_SIZE
    said fio-4k-random 'err= 0'
    step fio-128k-sequential fio --name=sequential $common --rw=write --bs=128k --iodepth=8 \
        --offset=$SEQUENTIAL_AT --size=$SEQUENTIAL_SIZE
    said fio-128k-sequential 'err= 0'
}
range_sum() { dd if="$disk" bs=1M skip=64 count=48 iflag=direct 2> /dev/null | md5sum; }

begun=$(cut -d. -f1 /proc/uptime)
mkdir -p /run/lab
modprobe nvme_tcp
/lab/klog.sh mark
step discover nvme discover -t tcp -a "$ADDRESS" -s "$PORT"
said discover "^subnqn: *$NQN\$"
said discover "^trsvcid: *$PORT\$"
said discover "^traddr: *$traddr\$"
connect ""
look
files
load
before=$(range_sum)
step reset nvme reset "/dev/$controller"
step live-after-reset until_true is_live
step queues-after-reset until_true has_queues
step same-data-after-reset [ "$(range_sum)" = "$before" ]
disconnect ""
connect -again
step same-data-after-reconnect [ "$(range_sum)" = "$before" ]
files_again -after-reconnect
step fsck-after-reconnect fsck.ext4 -f -n "$disk"
disconnect -again
step kernel-log /lab/klog.sh check
took=$(($(cut -d. -f1 /proc/uptime) - begun))
echo "PASSED queues=$queues+$write_queues digests=${digests:- none} kernel $(uname -r) in $took s"
