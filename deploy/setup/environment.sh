# Read by the other scripts and the Makefile's commands (`. deploy/setup/environment.sh`, in the project folder): where
# built things are. Values that are set already stay.
export ASSAY_CACHE="${ASSAY_CACHE:-$PWD/.assay}"
if [[ -z ${ASSAY_RUNTIME_DIR:-} ]]; then
    # Named after what it is built from, so that checkouts that share a cache do not disturb each other.
    ASSAY_RUNTIME_DIR=$ASSAY_CACHE/python-$(python3 graders/python/build.py --digest 2>/dev/null | cut -c1-16 || true)
    export ASSAY_RUNTIME_DIR
fi
if [[ -z ${ASSAY_PG_DIR:-} ]]; then
    ASSAY_PG_DIR=$(python3 deploy/setup/postgresql.py --where "$ASSAY_CACHE" 2>/dev/null || true)
    export ASSAY_PG_DIR
fi
# The queries were checked when .sqlx was made; no database is needed to build.
export SQLX_OFFLINE=true
