#!/bin/sh
# A Slurm of one node on this machine, for tests: real slurmctld, slurmd and munged (Debian: slurm-wlm, munge).
#   local-slurm.sh start DIR   installs what is missing (as root), starts them and prints export SLURM_CONF=...
#   local-slurm.sh stop DIR    stops exactly those that it started
set -eu
verb=${1:?start or stop}
mkdir -p "${2:?a folder}"
dir=$(cd "$2" && pwd)

ended() { ! kill -0 "$1" 2>/dev/null; }

stop() {
    if [ -s "$dir/slurm.conf" ] && [ -s "$dir/slurmctld.pid" ]; then
        export SLURM_CONF="$dir/slurm.conf"
        scancel --full --user="$(id -un)" 2>/dev/null || true
        for _ in 1 2 3 4 5 6 7 8 9 10; do if [ -z "$(squeue -h 2>/dev/null)" ]; then break; fi; sleep 0.5; done
    fi
    for name in slurmd slurmctld munged; do
        if [ -s "$dir/$name.pid" ]; then
            process=$(cat "$dir/$name.pid")
            kill "$process" 2>/dev/null || true
            for _ in 1 2 3 4 5 6 7 8 9 10; do if ended "$process"; then break; fi; sleep 0.3; done
        fi
    done
}

start() {
    PATH=$PATH:/usr/sbin:/sbin
    if ! command -v slurmctld >/dev/null || ! command -v munged >/dev/null; then
        { apt-get install -y --no-install-recommends slurm-wlm munge ||
            { apt-get update && apt-get install -y --no-install-recommends slurm-wlm munge; }; } >&2
    fi
    mkdir -p "$dir/state" "$dir/spool" "$dir/log" "$dir/munge"
    chmod 700 "$dir/munge"
    # A munge of our own: key, socket and process leave those of the system alone.
    dd if=/dev/urandom of="$dir/munge/key" bs=1024 count=1 2>/dev/null
    chmod 400 "$dir/munge/key"
    munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munged.pid" \
        --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed" >&2
    host=$(hostname -s)
    # Ports that no other Slurm uses, ours of a former test included.
    port=$((20000 + $$ % 20000))
    cat >"$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=${SLURM_TEST_CPUS:-$(nproc)} RealMemory=$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF="$dir/slurm.conf"
    slurmctld -f "$SLURM_CONF" >&2
    slurmd -f "$SLURM_CONF" >&2
    tries=0
    until sinfo -h -o %T 2>/dev/null | grep -q idle; do
        tries=$((tries + 1))
        if [ "$tries" -gt 40 ]; then
            tail -n 5 "$dir"/log/*.log >&2
            stop
            exit 1
        fi
        sleep 0.25
    done
    echo "export SLURM_CONF=$SLURM_CONF"
}

case $verb in
start) start ;;
stop) stop ;;
*) echo "start or stop, not $verb" >&2; exit 2 ;;
esac
