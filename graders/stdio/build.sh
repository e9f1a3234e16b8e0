#!/usr/bin/env bash
# Builds package/grader.wasm, the component that the server embeds, and notes what it was made from in sources.sha256.
# Needs Rust's target wasm32-unknown-unknown (rustup target add wasm32-unknown-unknown), or Debian's rustc-web, cargo-web,
# rust-web-src and lld-22. Run it after a change of src/, Cargo.toml or ../wit; a test says when that was forgotten.
set -euo pipefail
cd "$(dirname "$0")"
target=wasm32-unknown-unknown
out=${CARGO_TARGET_DIR:-$PWD/target}
# No path of this machine in what is committed.
export RUSTFLAGS="--remap-path-prefix=$PWD=stdio --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
if rustc --print target-libdir --target "$target" >/dev/null 2>&1 && [[ -d $(rustc --print target-libdir --target "$target") ]]; then
    cargo build --quiet --release --locked --target "$target"
elif [[ -x /usr/bin/rustc && -d /usr/lib/rustlib/rustc-src ]] || dpkg -s rust-web-src >/dev/null 2>&1; then
    PATH=/usr/bin:$PATH RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/bin/wasm-ld-22 \
        cargo build --quiet --release --locked --target "$target" -Zbuild-std=std,panic_abort
else
    echo "stdio grader: no Rust for WebAssembly here; install it with: rustup target add $target" >&2
    exit 1
fi
made=$out/$target/release/assay_stdio_grader.wasm
${ASSAY:-../../target/release/assay} grader build "$made" --out package/grader.wasm
cat Cargo.toml Cargo.lock ../wit/grader.wit src/*.rs | sha256sum | cut -d' ' -f1 >sources.sha256
ls -l package/grader.wasm
