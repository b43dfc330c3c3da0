#!/bin/sh
# make_venv.sh VENV EXTRAS: an environment with Python 3.11 or newer, the project in it.
# The interpreter is $PYTHON, else the first suitable python3 on the path.
set -eu
venv=$1
extras=$2

suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1
}

stop() {
    printf 'Error: %s\n' "$@" >&2
    exit 1
}

if ! suitable "$venv/bin/python"; then
    found=
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if suitable "$name"; then
            found=$name
            break
        fi
    done
    if [ -z "$found" ]; then
        have=$("${PYTHON:-python3}" --version 2>&1) || have='no python3'
        stop "Klartecken needs Python 3.11 or newer; found: $have. Install one, or name it: make test PYTHON=/path/to/python3.12"
    fi
    if ! "$found" -c 'import venv, ensurepip' > /dev/null 2>&1; then
        stop "$found has no venv module. On Debian and Ubuntu: apt install python3-venv"
    fi
    echo "Making $venv with $("$found" --version)"
    "$found" -m venv --clear "$venv"
fi
echo "Installing klartecken[$extras] into $venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -e ".[$extras]" ||
    stop "pip could not install klartecken[$extras] (see above)."
