// Node's fetch. Prints a line for each exchange, then OK. Argument: the origin.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { pattern, sum, tell } from './common.mjs';

const origin = process.argv[2];
const big = randomBytes(3_000_000);

/** In pieces: fetch then sends it chunked. */
const streamed = (bytes) => new ReadableStream({
  start(controller) {
    for (let from = 0; from < bytes.length; from += 50_000) {
      controller.enqueue(bytes.subarray(from, from + 50_000));
    }
    controller.close();
  },
});

async function ask(method, target, status, sent, expected, body = sent.length === 0 ? undefined : sent) {
  const response = await fetch(origin + target, { method, body, duplex: 'half' });
  const parts = [];
  if (response.body) {
    for await (const part of response.body) parts.push(part);
  }
  const came = Buffer.concat(parts);
  assert.equal(response.status, status);
  assert.equal(sum(came), sum(expected), `${method} ${target}`);
  tell(method, target, response.status, sent, came);
  return response;
}

const none = Buffer.alloc(0);
await ask('POST', '/echo?length', 200, big, big);
await ask('PUT', '/echo?streamed', 200, big, big, streamed(big));
await ask('POST', '/echo?chunked', 200, big, big, streamed(big));
await ask('GET', '/bytes?n=1000000', 200, none, pattern(1_000_000));
await ask('GET', '/bytes?n=1000000&chunked&trailer', 200, none, pattern(1_000_000));
await ask('GET', '/empty', 204, none, none);
// The last on its connection: fetch in Node closes after HEAD, whatever the server says.
const head = await ask('HEAD', '/bytes?n=12345', 200, none, none);
assert.equal(head.headers.get('content-length'), '12345');
console.log('OK');
