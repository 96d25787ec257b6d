#!/bin/sh
# Installs what is missing, builds and tests. `./test.sh` takes minutes, `./test.sh full` longer: it sets DENDRITE_FULL, which
# enables the slow cases, and installs Python readers into .build.
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
    # Readers of other people, for the test of interoperability.
    python3 -m venv .build/interoperability
    .build/interoperability/bin/pip install --quiet h5py h5netcdf xarray netCDF4 vtk
    export DENDRITE_PYTHON="$PWD/.build/interoperability/bin/python"
fi
swift test -c release --skip-build --no-parallel
