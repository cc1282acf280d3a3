#!/usr/bin/env bash
# Asks `hindsight api` whatever its own document allows, on a sandbox of its own: every answer must be as documented.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=target/schemathesis
[[ -x $tools/bin/schemathesis ]] || { python3 -m venv "$tools" && "$tools/bin/pip" install -q 'schemathesis>=4,<5'; }

# The program as the tests have it, so that nothing is built twice.
cargo test --quiet --no-run --test it
folder=$(mktemp -d)
# The program itself, so that the kill below reaches it.
coproc API { exec target/debug/hindsight --data-dir "$folder" api --listen 127.0.0.1:0 2>"$folder/log"; }
trap 'kill "$API_PID" 2>/dev/null || true; rm -rf "$folder"' EXIT
read -r address <&"${API[0]}"
checks=not_a_server_error,status_code_conformance,content_type_conformance
checks+=,response_headers_conformance,response_schema_conformance
"$tools/bin/schemathesis" run "$address/openapi.json" --checks "$checks" --max-examples 50
