// Receives alerts and prints each once. A request is believed only when it is signed with the secret and not
// older than five minutes (Standard Webhooks). An alert is delivered at least once, so its id is remembered.
//
//   RATCHET_WEBHOOK_SECRETS=whsec_… node examples/webhookReceiver.mjs [port]
//
// While secrets are changed it may have two, with a comma between them, and takes what either has signed.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const ageMaxSeconds = 300;
const bodyMaxBytes = 64_000;
const [first = ''] = (process.env['RATCHET_WEBHOOK_SECRETS'] ?? '').split(/\s+/);
const secrets = first.split(',');
if (!secrets.every((secret) => secret.startsWith('whsec_'))) {
  process.stderr.write('set RATCHET_WEBHOOK_SECRETS to whsec_ and base64 of 24 to 64 bytes\n');
  process.exit(1);
}
const keys = secrets.map((secret) => Buffer.from(secret.slice('whsec_'.length), 'base64'));
const seen = new Set();

/** Is one of the signatures ours, over exactly these bytes? */
function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp } = headers;
  const ageSeconds = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (id === undefined || !(ageSeconds <= ageMaxSeconds)) return false;
  const expected = keys.map((key) =>
    createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest(),
  );
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => Buffer.from(entry.slice(3), 'base64'))
    .some((given) =>
      expected.some((one) => given.length === one.length && timingSafeEqual(given, one)),
    );
}

function take(headers, body) {
  if (!isSigned(headers, body)) return 401;
  const id = headers['webhook-id'];
  if (!seen.has(id)) process.stdout.write(`${body.toString()}\n`);
  seen.add(id);
  return 204;
}

const server = createServer((request, response) => {
  const chunks = [];
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes <= bodyMaxBytes) chunks.push(chunk);
  });
  request.on('end', () => {
    response.statusCode = bytes > bodyMaxBytes ? 413 : take(request.headers, Buffer.concat(chunks));
    response.end();
  });
});
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  process.stderr.write(`listening on http://127.0.0.1:${server.address().port}/\n`);
});
