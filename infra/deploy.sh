#!/usr/bin/env bash
# Brings this clone, and the system that PM2 runs from it, to a revision; goes back when that is not well.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: infra/deploy.sh [--dry-run] [REVISION]

Checks the servers, checks out REVISION (a tag, a branch such as origin/main, or a commit; what is checked out now by default),
installs, runs the checks, migrates the database, starts or reloads the services under PM2 and waits until they are well.
If they are not, the revision that was last well is brought back. Migrations are not undone: a revision that cannot read the
newer database cannot be brought back (7).

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
  5  could not be prepared (revision, install, check, migrate); the system runs on as it was
  6  the new revision was not well; the one before it runs again, or, at a first deployment, nothing
  7  the new revision was not well, and going back failed too: look at it by hand
USAGE
}

# All in functions: the shell has read the whole file before a checkout changes it.
main() {
  local revision=HEAD dry_run=false
  while (($# > 0)); do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --dry-run) dry_run=true ;;
      -*) usage >&2 && exit 2 ;;
      *) revision=$1 ;;
    esac
    shift
  done

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

say() { printf '==> %s\n' "$*"; }

fail() {
  printf 'deploy: %s\n' "$2" >&2
  exit "$1"
}

check_tools() {
  local tool
  for tool in git node npx flock; do
    command -v "$tool" >/dev/null || fail 2 "$tool is needed and is not on the PATH"
  done
  git rev-parse --git-dir >/dev/null || fail 2 "this is no clone of the repository"
  [[ -z "$(git status --porcelain --untracked-files=no)" ]] || fail 2 "files of this clone were changed: commit or restore them"
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

# Sets what is to come, what is checked out, and what was last well, if anything was.
resolve() {
  before=$(git rev-parse HEAD)
  if git remote get-url origin >/dev/null 2>&1 && [[ $1 != HEAD ]]; then
    git fetch --quiet --tags origin || fail 5 "origin cannot be fetched"
  fi
  target=$(git rev-parse --quiet --verify "$1^{commit}") || fail 5 "there is no revision $1"
  good=
  [[ ! -f $STATE/revision ]] || good=$(<"$STATE/revision")
}

plan() {
  say "would deploy $(git log -1 --format='%h %s' "$target")"
  say "would go back to ${good:-nothing, as none was deployed before} if it is not well"
}

deploy() {
  say "deploying $(git log -1 --format='%h %s' "$target")"
  if ! prepare; then
    restore "${good:-$before}" || say "the files of the revision before could not be brought back"
    fail 5 "could not be prepared; the system runs on as it was"
  fi
  if start && node infra/deploy/healthy.mjs; then
    echo "$target" >"$STATE/revision"
    say "deployed, and well"
    return
  fi
  go_back
}

# Whatever may fail without touching the running system comes before what touches it: the checks before the migrations.
prepare() {
  restore "$target" &&
    { say check && node infra/bootstrap.mjs check; } &&
    { say db:migrate && node infra/bootstrap.mjs db:migrate; }
}

# The files of a revision, with its packages.
restore() {
  git checkout --quiet --detach "$1" && say install && node infra/bootstrap.mjs install
}

start() {
  say "start or reload"
  # A cluster runs on the daemon's Node, which the installation may just have replaced.
  if [[ -f $STATE/node && "$(<"$STATE/node")" != "$(node --version)" ]]; then
    run_pm2 update || return 1
  fi
  run_pm2 startOrReload infra/pm2/ecosystem.config.cjs --update-env || return 1
  node --version >"$STATE/node"
}

go_back() {
  if [[ -z $good ]]; then
    run_pm2 delete crypto-signals || fail 7 "not well, and it could not be stopped"
    fail 6 "not well, and stopped: there is no revision to go back to"
  fi
  [[ $good != "$target" ]] || fail 7 "not well, and it is the revision that was last well: look at its environment and its servers"
  say "not well: going back to $good"
  if restore "$good" && start && node infra/deploy/healthy.mjs; then
    fail 6 "not well; $good runs again"
  fi
  fail 7 "not well, and going back to $good failed"
}

# PM2's daemon outlives this script, and must not take the lock along.
run_pm2() {
  if command -v pm2 >/dev/null; then pm2 "$@" 9>&-; else npx -y --prefer-offline pm2@7.0.4 "$@" 9>&-; fi
}

main "$@"
exit
