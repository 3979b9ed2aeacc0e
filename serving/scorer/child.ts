// A scorer: one process, one onnxruntime session, one frame at a time, with blocking reads. onnxruntime's
// run() and create() block their thread anyway, so an event loop would only add latency; and because the
// process does nothing else, its parent may kill it at any moment without losing anything but the run.
import { readSync, writeSync } from 'node:fs';
import { decodeHeader, frameHeaderBytes, type Frame } from './frames';
import { answerFrame } from './session';

/** The socket inherited from the server. */
const channel = 3;

async function serve(): Promise<void> {
  for (let frame = readFrame(); frame !== undefined; frame = readFrame()) {
    writeAll(await answerFrame(frame));
  }
}

function readFrame(): Frame | undefined {
  const header = readExactly(frameHeaderBytes);
  if (header === undefined) return undefined;
  const { length, kind, sequence } = decodeHeader(header);
  const payload = readExactly(length);
  return payload === undefined ? undefined : { kind, sequence, payload };
}

/** Undefined at the end of the channel: the server is gone, and so is the reason to live. */
function readExactly(length: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let filled = 0; filled < length;) {
    const count = readSync(channel, buffer, filled, length - filled, null);
    if (count === 0) return undefined;
    filled += count;
  }
  return buffer;
}

function writeAll(frame: Buffer): void {
  for (let written = 0; written < frame.length;) {
    written += writeSync(channel, frame, written, frame.length - written);
  }
}

void serve().then(
  () => process.exit(0),
  () => process.exit(1),
);
