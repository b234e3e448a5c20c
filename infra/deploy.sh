#!/usr/bin/env bash
# Brings this clone, and the system that PM2 runs from it, to a revision; goes back when that is not well.
# Handlers of signals, and what is run by step, are reached in ways that shellcheck does not see.
# shellcheck disable=SC2317
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: infra/deploy.sh [--dry-run] [REVISION]

Checks the servers; then, beside the files that the system runs from, installs REVISION (a tag, a branch such as origin/main,
or a commit; what is checked out now by default), runs its checks, builds its web page and migrates the database. Only then it is
checked out and installed here, the services are started or reloaded under PM2, and it waits until they are well. If they are not, the revision
that was last well is brought back. Interrupted or failing before the services are started, it leaves the files of the revision
before. Migrations are not undone, and older code refuses a newer schema: there is no way back over a migration (7).

  --dry-run  check everything that can be checked, say what would be done, change nothing
  --help     this text

Environment: NATS_URL, MONGODB_URI and REDIS_URL must be set; all settings of the services go through to them.
  PORT                   of the gateway, 3000 by default; the other services take the five ports after it
  DEPLOY_HEALTH_SECONDS  how long the services may take to be well, 180 by default

Exit status:
  0  done, and well
  2  wrong usage, or the environment or the clone does not allow it
  3  a server cannot be reached
  4  another deployment is running
  5  could not be prepared (revision, install, check, page, migrate); the services run on as they were
  6  the new revision was not well; the one before it runs again, or, at a first deployment, nothing
  7  the new revision was not well, and going back failed too: look at it by hand. Always so when the new revision migrated the
     database: the one before it refuses the newer schema. Mend the new one and deploy that, or restore a backup of the database
  129, 130, 143  interrupted by SIGHUP, SIGINT or SIGTERM; what was said last tells what is left
USAGE
}

# All in functions: the shell has read the whole file before a checkout changes it.
main() {
  local revision dry_run=false revisions=()
  while (($# > 0)); do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --dry-run) dry_run=true ;;
      -*) usage >&2 && exit 2 ;;
      *) revisions+=("$1") ;;
    esac
    shift
  done
  ((${#revisions[@]} <= 1)) || { usage >&2 && exit 2; }
  revision=${revisions[0]-HEAD}

  cd "$(dirname "${BASH_SOURCE[0]}")/.."
  export PATH="$PWD/node_modules/node/bin:$PATH"
  check_tools
  check_environment
  lock
  node infra/deploy/reachable.mjs || fail 3 "not every server can be reached"
  resolve "$revision"
  if $dry_run; then
    plan
    exit 0
  fi
  deploy
}

STATE=.data/deploy
# Where a revision is tried, out of the way of what PM2 runs.
NEXT=$STATE/next
# There while the files here may be neither old nor new: the revision to bring back. It outlives a process that is killed.
BACK=$STATE/back

# A terminal that is gone must not keep the files from being brought back.
say() { printf '==> %s\n' "$*" || true; }

fail() {
  printf 'deploy: %s\n' "$2" >&2 || true
  exit "$1"
}

check_tools() {
  local tool
  for tool in git node npx flock; do
    command -v "$tool" >/dev/null || fail 2 "$tool is needed and is not on the PATH"
  done
  git rev-parse --git-dir >/dev/null || fail 2 "this is no clone of the repository"
  [[ -z "$(git status --porcelain --untracked-files=no)" ]] || fail 2 "files of this clone were changed: $(hint)"
}

hint() {
  if [[ -s $BACK ]]; then echo "a deployment was killed; git checkout --force --detach $(<"$BACK")"; else echo "commit or restore them"; fi
}

check_environment() {
  local name unset=()
  for name in NATS_URL MONGODB_URI REDIS_URL; do
    [[ -n "${!name:-}" ]] || unset+=("$name")
  done
  ((${#unset[@]} == 0)) || fail 2 "not set: ${unset[*]}"
}

# Held until this process ends, however it ends.
lock() {
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock --nonblock 9 || fail 4 "another deployment is running"
}

# Sets what is to come, what was checked out, and what was last well, if anything was.
resolve() {
  local wanted=$1
  before=$(git rev-parse HEAD)
  # An earlier deployment was killed halfway: what it left checked out was never started.
  [[ ! -s $BACK ]] || before=$(<"$BACK")
  [[ $wanted != HEAD ]] || wanted=$before
  if git remote get-url origin >/dev/null 2>&1 && [[ $1 != HEAD ]]; then
    git fetch --quiet --tags origin || fail 5 "origin cannot be fetched"
  fi
  target=$(git rev-parse --quiet --verify "$wanted^{commit}") || fail 5 "there is no revision $wanted"
  good=
  [[ ! -s $STATE/revision ]] || good=$(<"$STATE/revision")
}

plan() {
  say "would deploy $(git log -1 --format='%h %s' "$target")"
  say "would go back to ${good:-nothing, as none was deployed before} if it is not well"
}

deploy() {
  trap 'interrupted 129' HUP
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM
  [[ ! -s $BACK ]] || bring_back || fail 5 "an earlier deployment was killed, and the files of $before could not be brought back"
  say "deploying $(git log -1 --format='%h %s' "$target")"
  try || { drop_next && fail 5 "could not be prepared; the system runs on as it was"; }
  drop_next
  write "$BACK" "${good:-$before}"
  if ! restore "$target"; then
    bring_back || fail 5 "could not be installed, and the files of the revision before could not be brought back"
    fail 5 "could not be installed; the services run on as they were"
  fi
  if start && well; then
    write "$STATE/revision" "$target"
    say "deployed, and well"
    return
  fi
  go_back
}

# Whatever may fail without touching the running system comes before what touches it: the checks before the migrations.
try() {
  drop_next
  # Twice: also over what a killed deployment left locked.
  git worktree add --quiet --force --force --detach "$NEXT" "$target" || return 1
  local step
  for step in install check page db:migrate; do
    [[ $step != page ]] || has_page "$NEXT" || continue
    say "$step"
    step in_next node infra/bootstrap.mjs "$step" || return 1
  done
}

# A revision from before there was a web page knows no such step.
has_page() { [[ -f $1/infra/page.mjs ]]; }

in_next() { cd "$NEXT" && exec "$@"; }

drop_next() {
  rm -rf "$NEXT"
  git worktree prune
}

# The files of a revision, with its packages and its page.
restore() {
  git checkout --quiet --detach "$@" && say install && step node infra/bootstrap.mjs install &&
    { ! has_page . || step node infra/bootstrap.mjs page; }
}

bring_back() {
  say "bringing back the files of $(<"$BACK")"
  # By force, as the checkout before may have been cut short; nothing of anybody's is lost, as the clone was clean.
  restore --force "$(<"$BACK")" && rm -f "$BACK"
}

# Whole or not at all.
write() {
  echo "$2" >"$1.new"
  mv "$1.new" "$1"
}

# Runs a command so that this shell hears a signal at once, and can end all that the command has started.
step() {
  local status=0
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child" || status=$?
  child=
  return "$status"
}

child=
started=false
interrupted() {
  local left="the services run on as they were"
  trap '' HUP INT TERM
  if [[ -n $child ]]; then end_child; fi
  [[ ! -d $NEXT ]] || drop_next
  if [[ -s $BACK ]]; then
    bring_back || fail "$1" "interrupted, and the files of the revision before could not be brought back"
    left="the files of the revision before are here again"
  elif $started; then
    left="$(git log -1 --format=%h) was started, and nobody knows whether it is well"
  fi
  fail "$1" "interrupted; $left"
}

end_child() {
  local tenths
  kill -TERM -- "-$child" 2>/dev/null || return 0
  for ((tenths = 0; tenths < 100; tenths++)); do
    kill -0 -- "-$child" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$child" 2>/dev/null || true
}

start() {
  say "start or reload"
  # A cluster runs on the daemon's Node, which the installation may just have replaced.
  if [[ -f $STATE/node && "$(<"$STATE/node")" != "$(node --version)" ]]; then
    run_pm2 update || return 1
  fi
  run_pm2 startOrReload infra/pm2/ecosystem.config.cjs --update-env || return 1
  node --version >"$STATE/node"
  rm -f "$BACK"
  started=true
}

well() { step node infra/deploy/healthy.mjs; }

go_back() {
  if [[ -z $good ]]; then
    run_pm2 delete crypto-signals || fail 7 "not well, and it could not be stopped"
    write "$BACK" "$before"
    bring_back || fail 7 "not well, and stopped; the files of the revision before could not be brought back"
    fail 6 "not well, and stopped: there is no revision to go back to"
  fi
  [[ $good != "$target" ]] || fail 7 "not well, and it is the revision that was last well: look at its environment and its servers"
  say "not well: going back to $good"
  write "$BACK" "$good"
  if restore "$good" && start && well; then
    fail 6 "not well; $good runs again"
  fi
  fail 7 "not well, and going back to $good failed"
}

# PM2's daemon outlives this script, and must not take the lock along.
run_pm2() {
  if command -v pm2 >/dev/null; then step without_lock pm2 "$@"; else step without_lock npx -y --prefer-offline pm2@7.0.4 "$@"; fi
}

without_lock() { exec "$@" 9>&-; }

main "$@"
exit
