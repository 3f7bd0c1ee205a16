# Finds a JDK of at least 25; sourced by ./nvmeof and ./check.

jdk_wanted=25

# The feature release of the JDK in a folder, read from its "release" file so that no JVM has to start.
jdk_release() {
    local version
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
    if [ -z "$version" ] && [ -x "$1/bin/java" ]; then
        version=$("$1/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p')
    fi
    echo "${version:-0}"
}

jdk_fits() {
    [ -x "$1/bin/java" ] && [ "$(jdk_release "$1")" -ge "$jdk_wanted" ]
}

# Prints the folder of a JDK that fits: what the user named first, then the newest of those installed.
find_jdk() {
    local candidate best="" best_release=0 release
    if [ -n "${NVMEOF_JAVA_HOME:-}" ]; then
        jdk_fits "$NVMEOF_JAVA_HOME" || {
            echo "nvmeof: NVMEOF_JAVA_HOME=$NVMEOF_JAVA_HOME is not a JDK of release $jdk_wanted or later" >&2
            return 1
        }
        echo "$NVMEOF_JAVA_HOME"
        return
    fi
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
        echo "$JAVA_HOME"
        return
    fi
    candidate=$(command -v java) && candidate=$(readlink -f "$candidate") && candidate=${candidate%/bin/java}
    if [ -n "$candidate" ] && jdk_fits "$candidate"; then
        echo "$candidate"
        return
    fi
    # A service has no HOME.
    for candidate in /usr/lib/jvm/* "${HOME:-}"/.jdks/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.m2/jdks/* \
            /opt/java/* /opt/jdk* /usr/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ -x "$candidate/bin/java" ] || continue
        release=$(jdk_release "$candidate")
        if [ "$release" -ge "$jdk_wanted" ] && [ "$release" -gt "$best_release" ]; then
            best=$candidate
            best_release=$release
        fi
    done
    [ -n "$best" ] && echo "$best"
}

explain_jdk() {
    cat >&2 <<END
nvmeof: needs a JDK of release $jdk_wanted or later and found none. Any one of these will do:
  Debian, Ubuntu:   apt-get install openjdk-25-jdk-headless      (or temurin-25-jdk, https://adoptium.net/installation/linux)
  Fedora, RHEL:     dnf install java-25-openjdk-devel
  macOS:            brew install openjdk@25
  without root:     unpack a JDK from https://adoptium.net/temurin/releases/?version=25 into ~/.jdks/
or name one that is elsewhere:  NVMEOF_JAVA_HOME=/path/to/jdk-25
END
}
