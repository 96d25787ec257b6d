#!/bin/sh
# Installs what is missing, builds and tests. `./test.sh` takes minutes, `./test.sh full` longer: it sets DENDRITE_FULL, which
# enables the slow cases, installs Python readers into .build and, with apt-get, a Slurm, GNU parallel and Chromium to test with.
set -eu
cd "$(dirname "$0")"
case ${1-} in
    '') ;;
    full) export DENDRITE_FULL=1 ;;
    *) echo "usage: ./test.sh [full]" >&2; exit 2 ;;
esac

# The launcher installs the system libraries and builds the program.
./dendrite --version
swift build -c release --build-tests
if [ "${DENDRITE_FULL-}" ]; then
    # Schedulers for the sweeps, a browser for the reports.
    missing=
    command -v sbatch >/dev/null 2>&1 || missing="$missing slurm-wlm munge"
    command -v parallel >/dev/null 2>&1 || missing="$missing parallel"
    command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
    if [ -n "$missing" ] && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
        # shellcheck disable=SC2086
        apt-get install -y --no-install-recommends $missing || { apt-get update && apt-get install -y --no-install-recommends $missing; }
    elif [ -n "$missing" ]; then
        echo "test.sh: the tests that need these packages are passed over:$missing (as root they are installed)" >&2
    fi
    # Readers of other people, for the test of interoperability.
    python3 -m venv .build/interoperability
    .build/interoperability/bin/pip install --quiet h5py h5netcdf xarray netCDF4 vtk
    export DENDRITE_PYTHON="$PWD/.build/interoperability/bin/python"
fi
swift test -c release --skip-build --no-parallel
