#!/usr/bin/busybox sh
# Discovery as nvme-cli and the kernel do it: a host that stays connected to the discovery controller, and one that
# connects to all there is.
#   discovery.sh NAME NQN ACTION...
# discover ADDRESS PORT...          the log names the discovery subsystem NAME and the subsystem NQN once at each port,
#                                   under whichever name one asks for it
# persist ADDRESS PORT              connects to the discovery controller for good, and listens
# event COUNT                       the host has been told COUNT times in all that the log has changed
# reread PATTERN ADDRESS PORT       reads the log over that connection; a line matches
# connect-all ADDRESS PORT...       asks at the first PORT; has a path through each afterwards
# disconnect                        leaves nothing connected
NAME=$1 NQN=$2 action=$3
shift 3
. /lab/steps.sh
EVENTS=/run/lab/uevents

# count WHAT PATTERN NUMBER: the last step's output has as many lines that match
count() {
    [ "$(tr '\t' ' ' < $SAID | grep -cE "$2")" = "$3" ] || fail "$1: not $3 lines match '$2' in:"
}

# The controllers of a subsystem
controllers_of() {
    for c in /sys/class/nvme/nvme*; do
        [ "$(cat "$c/subsysnqn" 2> /dev/null)" != "$1" ] || echo "${c##*/}"
    done
}
has_controllers() { [ "$(controllers_of "$1" | wc -l)" = "$2" ]; }
all_live() {
    for c in $(controllers_of "$1"); do [ "$(cat "/sys/class/nvme/$c/state")" = live ] || return 1; done
}
was_told() { [ "$(grep -c 'NVME_AEN=0x70f002' $EVENTS)" -ge "$1" ]; }

mkdir -p /run/lab
case $action in
    discover)
        modprobe nvme_tcp
        address=$1 first=$2
        shift
        for name in nqn.2014-08.org.nvmexpress.discovery "$NAME"; do
            step "discover $name" nvme discover -t tcp -a "$address" -s "$first" -n "$name"
            count "$name" '^subtype: *current discovery subsystem' $#
            count "$name" "^subnqn: *$NAME$" $#
            count "$name" "^subnqn: *$NQN$" $#
            count "$name" "^traddr: *$address$" $(($# * 2))
            count "$name" '^eflags: *explicit discovery connections, duplicate discovery information' $#
            for port in "$@"; do count "$name" "^trsvcid: *$port$" 2; done
        done
        step nothing-left has_controllers "$NAME" 0
        ;;
    persist)
        : > $EVENTS
        busybox uevent sh -c "env | grep '^NVME_AEN=' >> $EVENTS" > /dev/null 2>&1 < /dev/null &
        echo $! > /run/lab/uevent.pid
        step persist nvme discover -t tcp -a "$1" -s "$2" --persistent
        step one-controller until_true has_controllers "$NAME" 1
        controller=$(controllers_of "$NAME")
        step live until_true is_live
        step list-subsys nvme list-subsys
        said list-subsys "NQN=$NAME"
        step type grep -q discovery "/sys/class/nvme/$controller/cntrltype"
        step keep-alive [ "$(cat "/sys/class/nvme/$controller/kato")" -gt 0 ]
        ;;
    event)
        until_true was_told "$1" || { cp $EVENTS $SAID; fail "told less than $1 times:"; }
        echo "ok event $1"
        ;;
    reread)
        step reread nvme discover --device="$(controllers_of "$NAME")" -t tcp -a "$2" -s "$3" --persistent
        said reread "$1"
        ;;
    connect-all)
        address=$1 first=$2
        shift
        step connect-all nvme connect-all -t tcp -a "$address" -s "$first" --nr-io-queues=1
        step paths until_true has_controllers "$NQN" $#
        step live until_true all_live "$NQN"
        step disk until_true find_disk
        step again nvme connect-all -t tcp -a "$address" -s "$first" --nr-io-queues=1
        step as-many has_controllers "$NQN" $#
        # Several connections to a discovery subsystem whose ports say that they all tell the same would be waste.
        step no-more-discovery [ "$(controllers_of "$NAME" | wc -l)" -le 1 ]
        ;;
    disconnect)
        [ ! -e /run/lab/uevent.pid ] || kill "$(cat /run/lab/uevent.pid)"
        rm -f /run/lab/uevent.pid
        step disconnect-all nvme disconnect-all
        step gone until_true has_controllers "$NAME" 0
        step gone-too until_true has_controllers "$NQN" 0
        ;;
    *) exit 2 ;;
esac
