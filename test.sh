#!/bin/sh
# Installs what is missing, builds and tests. `./test.sh` takes minutes, `./test.sh full` hours: it adds three-dimensional orders,
# stability sweeps, interoperability with Python readers, a real Slurm, fuzzing and the soak run.
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
swift test -c release --skip-build --no-parallel

if [ "${DENDRITE_FULL-}" ]; then
    for script in Tests/Interoperability/*.sh; do sh "$script"; done
fi
