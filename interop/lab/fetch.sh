#!/bin/bash
# fetch.sh [--refresh] [FLAVOUR...]: builds the lab's artefacts out of Debian packages, in the cache folder:
#   qemu/             QEMU 10.0 of bookworm-backports with the libraries this machine lacks; unpacked, never installed.
#                     (Bookworm's own QEMU 7.2 crashes these kernels at random places under emulation.)
#   612c/ 72c/        vmlinux and base.cpio (the initramfs) of Debian's cloud kernels from trixie and from sid
#   debs/             the packages, so that a changed recipe need not download again
# Every artefact appears by one rename when it is complete, with a file READY that names its recipe and packages;
# an interrupted run leaves nothing that a later one would take for an artefact. Runs one at a time per cache.
# Root is needed only where one of the few host tools is missing. Exit code 3: cannot run here, reason on stderr.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

refresh=
flavours=()
for argument; do
    case $argument in
        --refresh) refresh=1 ;;
        612c | 72c) flavours+=("$argument") ;;
        *) die "fetch takes --refresh and the flavours 612c and 72c, not '$argument'" ;;
    esac
done
[ ${#flavours[@]} -gt 0 ] || flavours=(612c 72c)
started=$SECONDS
say() { echo "lab fetch: $* ($((SECONDS - started)) s)"; }

suite_of() { case $1 in 612c) echo trixie ;; 72c) echo sid ;; qemu) echo bookworm ;; esac; }
recipe=$(cd "$here" && cat fetch.sh pack.py newc.py unpack-kernel.py modules.txt | sha256sum | cut -c1-16)
ready() { [ -f "$cache/$1/READY" ] && [ "$(head -1 "$cache/$1/READY")" = "recipe $recipe" ]; }

wanted=()
for artefact in qemu "${flavours[@]}"; do
    if [ -n "$refresh" ] || ! ready "$artefact"; then wanted+=("$artefact"); fi
done
if [ ${#wanted[@]} -eq 0 ]; then
    echo "lab fetch: ${flavours[*]} and QEMU are in $cache"
    exit 0
fi

mkdir -p "$cache/debs" || cannot "the cache folder $cache cannot be written; NVMEOF_LAB_CACHE names another"
exec 9> "$cache/lock"
flock -n 9 || { say "waiting for another fetch"; flock 9; }
[ -n "$refresh" ] || for index in "${!wanted[@]}"; do       # the other one may have done it all
    if ready "${wanted[index]}"; then unset "wanted[index]"; fi
done
[ ${#wanted[@]} -gt 0 ] || exit 0
rm -rf "$cache"/.work.*                                       # left by an interrupted run; we hold the lock
work=$(mktemp -d "$cache/.work.XXXXXX")
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$work" || true' EXIT

# --- the few tools this machine must have
tools() {
    local tool package missing=()
    for tool in apt-get:apt dpkg-deb:dpkg python3:python3 zstd:zstd xz:xz-utils flock:util-linux; do
        package=${tool#*:}
        command -v "${tool%:*}" > /dev/null || missing+=("$package")
    done
    [ -f "$keyring" ] || missing+=(debian-archive-keyring)
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get > /dev/null || cannot "the lab is built from Debian packages and this machine has no apt-get"
    [ "$(id -u)" = 0 ] || cannot "packages missing: ${missing[*]}; install them (apt-get install ${missing[*]})"
    say "installing ${missing[*]}"
    { apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
            "${missing[@]}"; } > "$work/install.log" 2>&1 ||
        cannot "apt-get install ${missing[*]} failed: $(tail -1 "$work/install.log")"
}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
tools

# --- package lists: a private apt state per suite, so that nothing of the machine's own changes
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2> /dev/null |
    grep -v security | grep -m1 '/debian/*$' || echo http://deb.debian.org/debian)
private_apt() { # SUITE COMMAND...
    local suite=$1 a=$cache/apt/$1
    shift
    "$1" -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$a/parts" -o Dir::State::Lists="$a/lists" \
        -o Dir::Cache="$a/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 \
        -o Acquire::http::Timeout=30 -o APT::Get::List-Cleanup=0 "${@:2}"
}
update() { # SUITE
    local a=$cache/apt/$1 suites=$1
    mkdir -p "$a/parts" "$a/lists/partial" "$a/cache/archives/partial"
    [ "$1" != bookworm ] || suites="bookworm bookworm-backports"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nArchitectures: amd64\nSigned-By: %s\n' \
        "$mirror" "$suites" "$keyring" > "$a/parts/lab.sources"
    private_apt "$1" apt-get -qq update > "$work/update.$1" 2>&1 && ! grep -q '^[EW]:' "$work/update.$1"
}

# Prints name=version of all that is to be unpacked. For a guest that is what a bare system would install, less
# what is plainly no library; for QEMU what this machine lacks.
packages() { # ARTEFACT
    local suite
    suite=$(suite_of "$1")
    if [ "$1" = qemu ]; then
        private_apt "$suite" apt-get -s -qq install --reinstall --no-install-recommends -t bookworm-backports \
            qemu-system-x86 qemu-system-common qemu-system-data seabios
    else
        private_apt "$suite" apt-get -o Dir::State::status=/dev/null -s -qq install --no-install-recommends \
            nvme-cli fio e2fsprogs busybox-static linux-image-cloud-amd64 |
            grep -E '^Inst (lib|zlib|nvme-cli|fio|e2fsprogs|busybox-static|linux-(image|binary|modules|base)-[0-9])' |
            grep -vE '^Inst (libpython|libsystemd-shared|libpam|libsemanage|libsepol|libperl|libdb5)'
    fi | sed -nE 's/^Inst ([^ ]+) (\[[^]]*\] )?\(([^ ]+).*/\1=\3/p' | sort -u
}

deb() { # name=version: its file in the cache
    local version=${1#*=}
    echo "$cache/debs/${1%%=*}_${version//:/%3a}.deb"
}
download() { # SUITE name=version...
    local suite=$1 folder=$work/debs.$1 package missing=()
    shift
    for package; do [ -f "$(deb "$package")" ] || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    mkdir -p "$folder"
    (cd "$folder" && private_apt "$suite" apt-get -qq download "${missing[@]}") > "$work/download.$suite" 2>&1 ||
        return 1
    for package in "${missing[@]}"; do
        local version=${package#*=} file
        file=$(ls "$folder/${package%%=*}_${version//:/%3a}_"*.deb) && mv "$file" "$(deb "$package")" || return 1
    done
}

unpack() { # TREE name=version...
    local tree=$1 directory package
    shift
    for directory in bin sbin lib lib64; do
        mkdir -p "$tree/usr/$directory"
        ln -s "usr/$directory" "$tree/$directory"
    done
    for package; do
        dpkg-deb --fsys-tarfile "$(deb "$package")" | tar -x -C "$tree" --keep-directory-symlink --no-same-owner \
            --exclude=./usr/share/doc --exclude=./usr/share/locale --exclude=./usr/share/man || return 1
    done
}

build() { # ARTEFACT name=version...: in $work/ARTEFACT
    local artefact=$1 out=$work/$1 tree=$work/$1.tree image
    shift
    mkdir -p "$out"
    if [ "$artefact" = qemu ]; then
        unpack "$out" "$@" || return 1
        LAB_QEMU=$out qemu --version > "$work/qemu.version" || return 1
    else
        unpack "$tree" "$@" || return 1
        image=$(find "$tree" -type f -name 'vmlinuz*' | head -1)
        "$here/unpack-kernel.py" "$image" "$out/vmlinux" &&
            "$here/pack.py" "$tree" "$here/modules.txt" "$out/base.cpio" nvme fio mke2fs e2fsck || return 1
        rm -rf "$tree"
    fi
    { echo "recipe $recipe"; printf '%s\n' "$@"; } > "$out/READY"
}

publish() { # ARTEFACT: the old one leaves and the new one comes, each by one rename
    if [ -e "$cache/$1" ]; then mv -T "$cache/$1" "$work/$1.old"; fi
    mv -T "$work/$1" "$cache/$1"
}

make() { # ARTEFACT
    local artefact=$1 suite list=()
    suite=$(suite_of "$artefact")
    update "$suite" || { echo "the package lists of $suite: $(grep -m1 '^[EW]:' "$work/update.$suite")"; return 1; }
    mapfile -t list < <(packages "$artefact")
    [ ${#list[@]} -gt 2 ] || { echo "apt finds no way to install the packages of $suite"; return 1; }
    if ready "$artefact" && [ "$(printf '%s\n' "${list[@]}")" = "$(tail -n +2 "$cache/$artefact/READY")" ]; then
        say "$artefact: these versions are in the cache already" >&2
        return 0
    fi
    say "$artefact: ${#list[@]} packages of $suite" >&2
    download "$suite" "${list[@]}" ||
        { echo "download from $mirror: $(grep -m1 '^[EW]:' "$work/download.$suite")"; return 1; }
    say "$artefact: downloaded" >&2
    build "$artefact" "${list[@]}" > "$work/build.$artefact" 2>&1 || { tail -2 "$work/build.$artefact"; return 1; }
    publish "$artefact"
    say "$artefact: ready, $(du -shL "$cache/$artefact" | cut -f1)" >&2
}

say "building ${wanted[*]} in $cache"
jobs=()
for artefact in "${wanted[@]}"; do
    make "$artefact" > "$work/reason.$artefact" &
    jobs+=($!)
done
failed=()
for index in "${!jobs[@]}"; do wait "${jobs[index]}" || failed+=("$index"); done
if [ ${#failed[@]} -gt 0 ]; then
    wanted=("${wanted[@]}")
    reasons=
    for index in "${failed[@]}"; do reasons+="${wanted[index]}: $(cat "$work/reason.${wanted[index]}"); "; done
    cannot "${reasons%; }"
fi
# Packages of versions that no artefact uses any more.
cat "$cache"/*/READY | grep = | while read -r package; do basename "$(deb "$package")"; done | sort -u > "$work/used"
find "$cache/debs" -name '*.deb' -printf '%f\n' | sort | comm -23 - "$work/used" |
    while read -r file; do rm "$cache/debs/$file"; done
say "done, cache holds $(du -sh "$cache" | cut -f1)"
