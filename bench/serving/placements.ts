// The other two places where a model can run: the server's own thread and a worker thread. Both handle the
// same frames as the child process, so only the place differs. They are only for measuring: neither can be
// ended while it runs.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { refused } from '../../serving/protocol/errors';
import {
  decodeTensors,
  encodeTensorFrame,
  frameHeaderBytes,
  frameKinds,
  type BatchTensor,
  type Frame,
  type FrameKind,
} from '../../serving/scorer/frames';
import type { ModelFile } from '../../serving/repository/modelFile';
import type { MakeScorer, RunResult, Scorer } from '../../serving/scorer/scorerProcess';
import { answerFrame, type ScorerReady } from '../../serving/scorer/session';

/** Carries one frame there and its answer back, as it would be sent. */
type Exchange = (frame: Frame) => Promise<Uint8Array>;

class PlacedScorer implements Scorer {
  readonly pid = process.pid;
  alive = true;
  readonly #exchange: Exchange;
  readonly #end: () => Promise<unknown>;

  constructor(exchange: Exchange, end: () => Promise<unknown> = () => Promise.resolve()) {
    this.#exchange = exchange;
    this.#end = end;
  }

  async load(model: ModelFile): Promise<ScorerReady> {
    const pieces: Uint8Array[] = [];
    for await (const piece of model.pieces()) pieces.push(piece);
    const payload = Buffer.concat(pieces);
    const answer = payloadOf(await this.#exchange({ kind: frameKinds.load, sequence: 0, payload }));
    return JSON.parse(answer.toString('utf8')) as ScorerReady;
  }

  async run(inputs: readonly BatchTensor[]): Promise<RunResult> {
    const payload = payloadOf(encodeTensorFrame(frameKinds.run, 0, 0, inputs));
    const frame = { kind: frameKinds.run, sequence: 0, payload };
    return decodeTensors(payloadOf(await this.#exchange(frame)));
  }

  async stop(): Promise<void> {
    this.alive = false;
    await this.#end();
  }

  kill(): void {
    this.alive = false;
  }
}

function payloadOf(frame: Uint8Array): Buffer {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.readUInt32LE(4) === frameKinds.failed) throw refused('MODEL_REFUSED', 'It failed.');
  return bytes.subarray(frameHeaderBytes);
}

const inline: MakeScorer = () => new PlacedScorer(answerFrame);

const threaded: MakeScorer = () => {
  const worker = new Worker(__filename);
  // One frame at a time, since the pool gives work to idle scorers only.
  const exchange: Exchange = ({ kind, payload }) =>
    new Promise((resolve) => {
      worker.once('message', resolve);
      const bytes = new Uint8Array(payload);
      worker.postMessage({ kind, bytes }, [bytes.buffer]);
    });
  return new PlacedScorer(exchange, () => {
    worker.postMessage(undefined);
    return new Promise((resolve) => worker.once('exit', resolve));
  });
};

/** Places by name. A child process is the server's own choice. */
export const placements: ReadonlyMap<string, MakeScorer | undefined> = new Map([
  ['inline', inline],
  ['thread', threaded],
  ['child', undefined],
]);

async function answerInThread(message?: { kind: FrameKind; bytes: Uint8Array }): Promise<void> {
  if (message === undefined) {
    parentPort?.close();
    return;
  }
  const payload = Buffer.from(message.bytes.buffer);
  const answer = new Uint8Array(await answerFrame({ kind: message.kind, sequence: 0, payload }));
  parentPort?.postMessage(answer, [answer.buffer]);
}

if (!isMainThread) parentPort?.on('message', (message) => void answerInThread(message as never));
