#!/usr/bin/env bash
# Brings .sqlx (what the queries in the code look like to the database) up to date, or with --check says whether it is.
# Starts a throwaway PostgreSQL for it; needs nothing but the setup.
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=${ASSAY_CACHE:-$PWD/.assay}
made=$(mktemp -d "${TMPDIR:-/tmp}/assay-sqlx.XXXXXX")
trap 'rm -rf "$made"' EXIT
postgresql=$(python3 deploy/setup/postgresql.py "$cache")

# Queries are looked at when the macros expand, so every crate that may hold some is compiled again.
touch src/lib.rs src/main.rs
find tests -name main.rs -exec touch {} + 2>/dev/null || true
SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$made python3 deploy/setup/scratch_database.py "$postgresql" migrations \
    cargo check --quiet --release --all-targets

if [[ ${1:-} == --check ]]; then
    if ! diff -rq "$made" .sqlx; then
        echo "the queries in .sqlx are not those of the code: run deploy/setup/sqlx-prepare.sh and commit .sqlx" >&2
        exit 1
    fi
else
    mkdir -p .sqlx
    find .sqlx -name 'query-*.json' -delete
    find "$made" -name 'query-*.json' -exec cp {} .sqlx/ \;
fi
# What was compiled just now came from the live database; the next build reads .sqlx again.
touch src/lib.rs src/main.rs
