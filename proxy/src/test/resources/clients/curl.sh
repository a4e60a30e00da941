#!/usr/bin/env bash
# curl, one process for all requests. Prints a line for each exchange: method, target, status, checksums of what was
# sent and of what came; then OK. Arguments: the origin. Works in the current folder.
set -euo pipefail
origin=$1

head -c 3000000 /dev/urandom > big
printf 'hello' > small
yes 0123456789abcde | head -c 1000000 > pattern || true # yes ends by SIGPIPE

each=(--silent --show-error --fail --noproxy '*' --max-time 30)
curl -q --verbose "${each[@]}" --data-binary @big --output echoed "$origin/echo?length" \
  --next "${each[@]}" --upload-file - --output echoed-chunked "$origin/echo?chunked" \
  --next "${each[@]}" --output got "$origin/bytes?n=1000000" \
  --next "${each[@]}" --output got-chunked --dump-header fields "$origin/bytes?n=1000000&chunked&trailer" \
  --next "${each[@]}" --head --output head "$origin/bytes?n=12345" \
  --next "${each[@]}" --output nothing "$origin/empty" \
  --next "${each[@]}" --data-binary @small --output echoed-small "$origin/echo?small" \
  < big 2> trace || { cat trace; exit 1; }

sum() { sha256sum < "$1" | cut -d ' ' -f 1; }

continued=$(grep -c '^< HTTP/1.1 100 Continue' trace || true)
[ "$continued" -eq 2 ] || { echo "100 Continue: $continued times (expected: 2)"; cat trace; exit 1; }
grep -qi '^Content-Length: 12345' head || { echo "the head says another length"; cat head; exit 1; }
grep -qi '^< Transfer-Encoding: chunked' trace || { echo "no answer was chunked"; exit 1; }
grep -qi "^X-Checksum: $(sum pattern)" fields || { echo "no trailer"; cat fields; exit 1; }
[ ! -s nothing ] || { echo "204 with a body"; exit 1; }
cmp big echoed
cmp big echoed-chunked
cmp small echoed-small
cmp pattern got
cmp pattern got-chunked

echo "POST /echo?length 200 $(sum big) $(sum echoed)"
echo "PUT /echo?chunked 200 $(sum big) $(sum echoed-chunked)"
echo "GET /bytes?n=1000000 200 - $(sum got)"
echo "GET /bytes?n=1000000&chunked&trailer 200 - $(sum got-chunked)"
echo "HEAD /bytes?n=12345 200 - -"
echo "GET /empty 204 - -"
echo "POST /echo?small 200 $(sum small) $(sum echoed-small)"
echo OK
