# What the scripts share: find a Python, make a virtual environment, install exactly what is pinned. POSIX sh.
# Sourced with `root` set to the repository's absolute path. Words go to standard error, so that data stays clean.

say() { printf '%s\n' "$@" >&2; }

die() {
    say "$@"
    exit 1
}

# May this process install Debian packages without asking anyone? Prints the prefix that does it ("" or "sudo -n").
apt_prefix() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then
        echo ""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
        echo "sudo -n"
    else
        return 1
    fi
}

# apt_install PACKAGE...: never asks, never removes a package that is in the way, and starts no service: PostgreSQL and
# Postfix are wanted for their programs only. A policy-rc.d of the machine's own is left alone.
apt_install() {
    prefix=$(apt_prefix) || return 1
    policy=/usr/sbin/policy-rc.d
    made_policy=
    log=$root/build/apt.log
    mkdir -p "$root/build"
    say "Installing system packages: $* (their words go to $log)"
    if [ ! -e "$policy" ] && printf '#!/bin/sh\nexit 101\n' | $prefix tee "$policy" >/dev/null; then
        made_policy=yes
        trap '$prefix rm -f "$policy"' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        $prefix chmod 755 "$policy"
    fi
    printf 'postfix postfix/main_mailer_type select No configuration\n' |
        $prefix debconf-set-selections 2>/dev/null || true
    apt_status=0
    # Lists that cannot be refreshed are not fatal: the packages may be known already.
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null >"$log" 2>&1 || say "apt-get update failed."
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends --no-remove install "$@" \
        </dev/null >>"$log" 2>&1 || apt_status=$?
    [ "$apt_status" = 0 ] || tail -n 5 "$log" >&2
    if [ -n "$made_policy" ]; then
        $prefix rm -f "$policy"
        trap - EXIT INT TERM
    fi
    return "$apt_status"
}

# Prints the Python to use: $PYTHON, else python3 where it is new enough, else the newest versioned one.
find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
        if [ -n "${PYTHON:-}" ] && [ "$candidate" = "$PYTHON" ]; then
            die "PYTHON=$PYTHON is not a Python 3.11 or newer."
        fi
    done
    die "Python 3.11 or newer is needed and was not found (looked for python3 and python3.11 to python3.14)." \
        "Install it (Debian 12, Ubuntu 24.04: apt install python3 python3-venv; macOS: brew install python)," \
        "or name it: PYTHON=/path/to/python3.12 $0"
}

# Debian keeps venv and pip's wheels in a package of their own.
need_venv_module() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt_install "python$version-venv" || true
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        die "$1 cannot make virtual environments: its modules venv and ensurepip are missing." \
            "On Debian and Ubuntu: sudo apt install python$version-venv"
}

# make_venv FOLDER REQUIREMENTS: a virtual environment with exactly these packages; done once, until a pin, the Python or the
# place changes. The stamp is written last, so an installation that was cut short is begun again.
make_venv() {
    venv=$1
    requirements=$2
    stamp=$venv/.newsletter-stamp
    python=$(find_python) || exit 1
    wanted=$(
        {
            printf '%s\n' "$venv"
            "$python" -c 'import sys; print(sys.version, sys.base_prefix)'
            cat "$requirements" "$root/pyproject.toml"
        } | cksum
    )
    if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    need_venv_module "$python"
    begun=$root/build/${venv##*/}.begun
    if [ -e "$venv" ] && [ ! -e "$stamp" ] && [ ! -e "$begun" ]; then
        die "$venv was not made by this script and is in the way. Move it away and run this again."
    fi
    say "Preparing $venv (the first time this takes a minute or two)."
    mkdir -p "$root/build"
    : >"$begun"
    "$python" -m venv --clear "$venv" || die "Could not make the virtual environment $venv."
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
        -r "$requirements" || die "Could not install the packages of $requirements."
    after_venv
    printf '%s\n' "$wanted" >"$stamp"
    rm -f "$begun"
}

# What else belongs into the environment before it counts as made; a script may define its own.
after_venv() { :; }

# The environment of lint and tests: pinned tools, and the project as a wheel, so that what is tested is what is shipped.
make_test_venv() {
    venv=$root/build/venv
    mkdir -p "$root/build"
    make_venv "$venv" "$root/requirements/dev.txt"
    rm -rf "$root/build/wheel"
    (cd "$root" && "$venv/bin/python" -m hatchling build -t wheel -d build/wheel) >"$root/build/wheel.log" 2>&1 ||
        die "Could not build the wheel:" "$(cat "$root/build/wheel.log")"
    wheel=$(echo "$root"/build/wheel/*.whl)
    # hatchling's wheels are reproducible: the same sources give the same bytes, and then nothing has to be done.
    sum=$(cksum <"$wheel")
    if [ "$(cat "$venv/.newsletter-wheel" 2>/dev/null)" != "$sum" ]; then
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-index \
            --force-reinstall "$wheel" || die "Could not install the wheel."
        printf '%s\n' "$sum" >"$venv/.newsletter-wheel"
    fi
    (
        cd "$root/build"
        "$venv/bin/python" -c 'import newsletter, sys; sys.exit("site-packages" not in newsletter.__file__)'
    ) || die "The tests would not run on the installed wheel."
}
