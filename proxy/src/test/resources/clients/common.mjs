// What the scripts for Node share.
import { createHash } from 'node:crypto';

/** What stands for a body in a line. */
export const sum = (bytes) => (bytes.length === 0 ? '-' : createHash('sha256').update(bytes).digest('hex'));

/** What the service says at /bytes. */
export const pattern = (length) => Buffer.from('0123456789abcde\n'.repeat(length / 16 + 1).slice(0, length));

/** A line: what was sent, and what came. */
export const tell = (method, target, status, sent, came) =>
  console.log(`${method} ${target} ${status} ${sum(sent)} ${sum(came)}`);
