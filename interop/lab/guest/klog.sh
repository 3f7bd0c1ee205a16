#!/usr/bin/busybox sh
# The guest's kernel log holds nothing odd.
#   klog.sh mark      remember this place
#   klog.sh check     print every line since then that klog.normal does not name; fails if there is one
MARK="lab: kernel log from here"
case $1 in
    mark) echo "$MARK" > /dev/kmsg ;;
    check)
        sed 's/#.*//;s/[[:space:]]*$//;/^$/d' /lab/klog.normal > /run/lab/klog.normal
        dmesg | sed 's/^<[0-9]*>//;s/^\[[ 0-9.]*\] //' |
            awk -v mark="$MARK" '
                { line[NR] = $0; if ($0 == mark) from = NR }
                END { if (!from) print "lab: the mark is gone"; for (i = from + 1; i <= NR; i++) print line[i] }' |
            grep -vE -f /run/lab/klog.normal > /run/lab/klog.odd
        [ ! -s /run/lab/klog.odd ] || { echo "odd lines in the kernel log:"; cat /run/lab/klog.odd; exit 1; }
        ;;
    *) echo "klog.sh: mark or check" >&2; exit 2 ;;
esac
