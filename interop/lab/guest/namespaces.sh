#!/usr/bin/busybox sh
# The host follows what becomes of namespaces, without being told to look.
#   namespaces.sh NQN connect ADDRESS PORT
#   namespaces.sh NQN expect "NSID=BYTES ..."    these namespaces come to be there, and no others
#   namespaces.sh NQN readonly NSID 0|1
#   namespaces.sh NQN disconnect
NQN=$1 action=$2
. /lab/steps.sh

# The namespaces that there are now, "NSID=BYTES ", in the order of their numbers
present() {
    for d in /sys/block/nvme*n*; do
        [ -b "/dev/${d##*/}" ] && [ "$(cat "$d/device/subsysnqn")" = "$NQN" ] || continue
        echo "$(cat "$d/nsid")=$(($(cat "$d/size") * 512))"
    done | sort -n | tr '\n' ' '
}
is_present() { [ "$(present 2> /dev/null)" = "$expected" ]; }
is_readonly() {
    for d in /sys/block/nvme*n*; do
        [ -b "/dev/${d##*/}" ] && [ "$(cat "$d/nsid")" = "$1" ] && [ "$(cat "$d/ro")" = "$2" ] && return
    done
    return 1
}

mkdir -p /run/lab
case $action in
    connect)
        modprobe nvme_tcp
        step connect nvme connect -t tcp -a "$3" -s "$4" -n "$NQN" --nr-io-queues=1
        step controller until_true find_controller
        step live until_true is_live
        ;;
    expect)
        expected="$3 "
        [ -n "$3" ] || expected=
        until_true is_present || { present > $SAID; fail "expected '$expected', there are:"; }
        echo "ok namespaces $3"
        ;;
    readonly) step "readonly-$4" until_true is_readonly "$3" "$4" ;;
    disconnect)
        step disconnect nvme disconnect -n "$NQN"
        ;;
    *) exit 2 ;;
esac
