// Node's http, and a WebSocket by hand over it. Prints a line for each exchange, then OK. Argument: the origin.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { pattern, sum, tell } from './common.mjs';

const origin = process.argv[2];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const big = randomBytes(3_000_000);
const none = Buffer.alloc(0);

/** With a Content-Length among the headers the body goes as it is, else in chunks. */
function ask(method, target, status, sent, expected, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(origin + target, { method, agent, headers }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      const came = Buffer.concat(parts);
      assert.equal(response.statusCode, status);
      assert.equal(sum(came), sum(expected), `${method} ${target}`);
      if (target.includes('trailer')) assert.equal(response.trailers['x-checksum'], sum(came));
      tell(method, target, status, sent, came);
      resolve({ response, request });
    });
    request.on('error', reject);
    const say = () => {
      for (let from = 0; from < sent.length; from += 50_000) request.write(sent.subarray(from, from + 50_000));
      request.end();
    };
    if (headers.Expect) {
      request.on('continue', say);
      request.flushHeaders();
    } else {
      say();
    }
  });
}

const first = await ask('POST', '/echo?length', 200, big, big, { 'Content-Length': big.length });
assert.equal(first.request.reusedSocket, false);
const second = await ask('POST', '/echo?chunked', 200, big, big);
assert.equal(second.request.reusedSocket, true);
await ask('PUT', '/echo?expect', 200, big, big, { 'Content-Length': big.length, Expect: '100-continue' });
await ask('GET', '/bytes?n=1000000', 200, none, pattern(1_000_000));
await ask('GET', '/bytes?n=1000000&chunked&trailer', 200, none, pattern(1_000_000));
const head = await ask('HEAD', '/bytes?n=12345', 200, none, none);
assert.equal(head.response.headers['content-length'], '12345');
await ask('GET', '/empty', 204, none, none);
await webSocket();
agent.destroy();
console.log('OK');

function frame(opcode, payload) {
  const mask = randomBytes(4);
  const length = Buffer.alloc(payload.length < 126 ? 1 : payload.length < 65_536 ? 3 : 9);
  if (length.length === 1) length.writeUInt8(0x80 | payload.length);
  if (length.length === 3) length.writeUInt8(0xfe) && length.writeUInt16BE(payload.length, 1);
  if (length.length === 9) length.writeUInt8(0xff) && length.writeBigUInt64BE(BigInt(payload.length), 1);
  return Buffer.concat([Buffer.of(0x80 | opcode), length, mask, payload.map((octet, at) => octet ^ mask[at % 4])]);
}

async function webSocket() {
  const key = randomBytes(16).toString('base64');
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': key };
  const [response, socket, early] = await new Promise((resolve, reject) => {
    http.get(`${origin}/chat`, { headers, agent: false }, () => reject(new Error('not upgraded')))
      .on('upgrade', (...upgraded) => resolve(upgraded))
      .on('error', reject);
  });
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  assert.equal(response.headers['sec-websocket-accept'], accept);
  const messages = [Buffer.from('hello'), randomBytes(1000), randomBytes(300_000)];
  messages.forEach((message) => socket.write(frame(2, message)));
  const bye = Buffer.from([0x03, 0xe8]); // 1000
  socket.write(frame(8, bye));
  let heard = early;
  for await (const part of socket) heard = Buffer.concat([heard, part]);
  const came = [];
  for (const message of [...messages, bye]) {
    const [size, after] = heard[1] < 126 ? [heard[1], 2]
      : heard[1] === 126 ? [heard.readUInt16BE(2), 4] : [Number(heard.readBigUInt64BE(2)), 10];
    assert.equal(heard[0], message === bye ? 0x88 : 0x82);
    came.push(heard.subarray(after, after + size));
    assert.equal(sum(came.at(-1)), sum(message));
    heard = heard.subarray(after + size);
  }
  assert.equal(heard.length, 0);
  tell('WEBSOCKET', '/chat', 101, Buffer.concat(messages), Buffer.concat(came.slice(0, -1)));
}
