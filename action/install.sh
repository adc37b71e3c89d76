#!/usr/bin/env bash
# Makes a private environment with the pinned dependencies, and a command `l10nsync` that runs the Action's
# own checkout: the ref of the Action is the version of the program. Nothing is read from the repository
# that is being worked on, and nothing is installed that `requirements.txt` does not name with its hash.
set -euo pipefail

fail() {
  echo "::error title=l10nsync::$1"
  exit 1
}

cd "$RUNNER_TEMP" # a configuration of pip or uv in the checkout must not matter

if [[ -n "${L10NSYNC_ACTION_EXECUTABLE:-}" ]]; then
  program="$(command -v "$L10NSYNC_ACTION_EXECUTABLE")" || fail "executable '$L10NSYNC_ACTION_EXECUTABLE' was not found"
  echo "program=$program" >>"$GITHUB_OUTPUT"
  exit 0
fi

python=""
for candidate in "${L10NSYNC_ACTION_PYTHON:-}" python3 python python3.14 python3.13 python3.12 python3.11; do
  if [[ -n "$candidate" ]] && "$candidate" -I -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    python="$candidate"
    break
  fi
done
[[ -n "$python" ]] || fail "Python 3.11 or newer is needed: put actions/setup-python before this step"

home="$RUNNER_TEMP/l10nsync-action"
requirements="$GITHUB_ACTION_PATH/action/requirements.txt"
if [[ ! -f "$home/ready" ]]; then
  "$python" -I -m venv --without-pip "$home/venv"
fi
inner="$home/venv/bin/python"
[[ -x "$inner" ]] || inner="$home/venv/Scripts/python.exe"
if [[ ! -f "$home/ready" ]]; then
  if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --no-config --python "$inner" --require-hashes --only-binary :all: --requirement "$requirements"
  else
    "$python" -I -m pip --python "$inner" install --quiet --disable-pip-version-check --no-input \
      --require-hashes --only-binary :all: --requirement "$requirements"
  fi
  # A path file, so that the program can run isolated (-I) and still be found in the Action's checkout.
  packages="$("$inner" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
  printf '%s\n' "$GITHUB_ACTION_PATH" >"$packages/l10nsync-action.pth"
  mkdir -p "$home/bin"
  printf '#!/usr/bin/env bash\nexec "%s" -I -m l10nsync "$@"\n' "$inner" >"$home/bin/l10nsync"
  chmod +x "$home/bin/l10nsync"
  touch "$home/ready"
fi

if [[ "${L10NSYNC_ACTION_COMMAND:-}" == install ]]; then
  echo "$home/bin" >>"$GITHUB_PATH"
fi
echo "program=$home/bin/l10nsync" >>"$GITHUB_OUTPUT"
