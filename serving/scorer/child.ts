// A scorer: one process, one onnxruntime session, one frame at a time. The process does nothing else, so its
// parent may kill it at any moment and loses only the run.
import { Socket } from 'node:net';
import { decodeWakefulMs, FrameReader, frameKinds, type Frame } from './frames';
import { answerFrame } from './session';
import { WakefulLoop } from './wakefulLoop';

/** The socket inherited from the server. */
const channelFd = 3;
const loop = new WakefulLoop();
const reader = new FrameReader((frame) => void answer(frame));

async function answer(frame: Frame): Promise<void> {
  channel.write(await answerFrame(frame));
  loop.stay(frame.kind === frameKinds.run ? decodeWakefulMs(frame.payload) : 0);
}

const buffer = Buffer.allocUnsafeSlow(64 * 1024);
/** Reads into one buffer. A stream of chunks would cost an allocation of this size for every frame. */
const onread = {
  buffer,
  callback: (length: number): boolean => {
    reader.push(buffer.subarray(0, length));
    return true;
  },
};
// Spread, because the types allow `onread` for connecting sockets only.
const channel = new Socket({ fd: channelFd, readable: true, writable: true, ...{ onread } });
// The server is gone, so this process ends.
channel.on('end', () => process.exit(0));
channel.on('error', () => process.exit(1));
channel.resume();
