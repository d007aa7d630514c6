#!/bin/sh
# Leaves a zombie: a child that ended, and a parent that never asks for its exit status.
#   sh demo/zombie.sh [SECONDS until the child ends, 1] [SECONDS the parent lives, 120]
# The child's parent becomes `sleep` (exec keeps the pid), which knows nothing of any child.
sleep "${1:-1}" &
exec sleep "${2:-120}"
