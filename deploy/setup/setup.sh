#!/usr/bin/env bash
# Makes everything ready: checks what the machine must have, fetches PostgreSQL, builds the Python runtime and, unless
# told otherwise, the program. What is there already is not made again.
#
#     setup.sh [tools | parts | build]     tools: only check the machine; parts: without the program; default: all
#
# Everything goes below the project folder: .assay (or $ASSAY_CACHE) and target (or $CARGO_TARGET_DIR).
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/setup/environment.sh

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

missing=0
need() { # what is wrong, the command that mends it
    echo "missing: $1 — install it with: $2" >&2
    missing=1
}

check_tools() {
    command -v cc >/dev/null || need "a C compiler" "sudo apt-get install -y build-essential"
    local rust="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
    if ! command -v cargo >/dev/null; then
        need "Rust 1.95 or later" "$rust"
    else
        local version
        version=$(cargo --version | cut -d' ' -f2)
        if [[ $(printf '%s\n1.95.0\n' "${version%%-*}" | sort -V | head -n1) != 1.95.0 ]]; then
            need "Rust 1.95 or later (this is $version)" "rustup update stable"
        fi
    fi
    if ! command -v python3 >/dev/null; then
        need "Python 3" "sudo apt-get install -y python3 python3-pip python3-venv"
    elif ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
        need "Python 3.10 or later (this is $(python3 -V))" "sudo apt-get install -y python3"
    else
        python3 -m pip --version >/dev/null 2>&1 || need "pip" "sudo apt-get install -y python3-pip"
        python3 -c 'import venv, ensurepip' 2>/dev/null || need "venv" "sudo apt-get install -y python3-venv"
    fi
    ((missing == 0)) || exit 1
}

parts() {
    mkdir -p "$ASSAY_CACHE"
    if [[ -z ${DATABASE_URL:-} && ! -x $ASSAY_PG_DIR/bin/postgres ]]; then
        say "PostgreSQL 18"
        python3 deploy/setup/postgresql.py "$ASSAY_CACHE" >/dev/null
    fi
    if [[ ! -f $ASSAY_RUNTIME_DIR/python.wasm ]]; then
        say "Python runtime"
        python3 graders/python/build.py --out "$ASSAY_RUNTIME_DIR/python.wasm" --cache "$ASSAY_CACHE/tools" >&2
    fi
    # For programs that are started by hand, without the variables above.
    if [[ $(readlink "$ASSAY_CACHE/python.wasm" || true) != "$ASSAY_RUNTIME_DIR/python.wasm" ]]; then
        ln -sfn "$ASSAY_RUNTIME_DIR/python.wasm" "$ASSAY_CACHE/python.wasm"
    fi
}

check_tools
case ${1:-all} in
tools) ;;
parts) parts ;;
build | all)
    parts
    # Only says something when there is something to compile.
    cargo build --release --locked
    # In a process of its own: compiling takes gigabytes for a moment, and the server need not keep them.
    if [[ -z $(find "$ASSAY_RUNTIME_DIR/compiled" -name '*.cwasm' 2>/dev/null) ]]; then
        say "Python runtime for this machine"
        "${CARGO_TARGET_DIR:-target}/release/assay" runtime build
    fi
    ;;
*)
    echo "usage: setup.sh [tools | parts | build]" >&2
    exit 2
    ;;
esac
