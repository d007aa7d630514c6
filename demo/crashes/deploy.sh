# bash deploy.sh BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
set -eu
# SHIFT
case $1 in
  not_found) rotate-the-logs "$2" ;;
  other_not_found) send-the-report "$2" ;;
  unbound) echo "$DEPLOY_TARGET" ;;
  no_file) cat "/srv/none-$2/release.txt" ;;
  usage)
    echo "deploy.sh: $2: too many replicas" >&2
    exit 64
    ;;
esac
