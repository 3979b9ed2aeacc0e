// The worst files a caller may send, each as large as the server accepts: its answers, and what health and
// the event loop show meanwhile. Small hostile graphs are in test/serving/brokenModels.test.ts.
import { createHash, randomBytes } from 'node:crypto';
import { maxPushBytes } from '../../serving/repository/pushedVersions';
import { floatTensor, graph, model, node, value } from '../../test/serving/support/onnxWriter';
import { whileHealthIsAsked, type HealthLine } from './healthWatch';
import type { BenchServer } from './servers';
import { manifestOf } from '../../test/serving/support/modelFolder';

export interface HostileLine extends HealthLine {
  readonly file: string;
  readonly mebibytes: number;
  readonly status: number;
  readonly answer: string;
  readonly tookMs: number;
}

const room = maxPushBytes - 4_096;

/** A graph of millions of empty fields. Nothing in it is forbidden, and reading it takes seconds. */
function manyFields(): Buffer {
  const fields = Buffer.alloc(room);
  for (let offset = 0; offset + 1 < room; offset += 2) fields[offset] = 0x10;
  return model(fields);
}

/** A servable model of the largest allowed size. */
const largeModel = (): Buffer =>
  model(
    graph({
      nodes: [
        node({ op: 'MatMul', inputs: ['features', 'weights'], outputs: ['logit'] }),
        node({ op: 'Sigmoid', inputs: ['logit'], outputs: ['probability'] }),
      ],
      inputs: [value({ name: 'features', shape: ['rows', 2] })],
      outputs: [value({ name: 'probability', shape: ['rows', 1] })],
      initializers: [
        floatTensor('weights', [2, 1], [1, 1]),
        floatTensor('ballast', [room / 4], new Array<number>(room / 4).fill(0.5)),
      ],
    }),
  );

const files: readonly (readonly [string, () => Buffer])[] = [
  ['random bytes', () => randomBytes(maxPushBytes)],
  ['millions of fields', manyFields],
  ['a model of full size', largeModel],
];

/** Pushes each of them once. @param firstVersion numbers from here on are free. */
export async function runHostilePushes(
  { port }: BenchServer,
  target: { readonly model: string; readonly adminToken: string; readonly firstVersion: number },
): Promise<readonly HostileLine[]> {
  const lines: HostileLine[] = [];
  for (const [index, [file, make]] of files.entries()) {
    const bytes = make();
    const url = `http://127.0.0.1:${port}/v2/admin/models/${target.model}/versions/${target.firstVersion + index}`;
    const post = (path: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${target.adminToken}` },
        body,
      });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const manifest = manifestOf(target.model, String(target.firstVersion + index), bytes);
    const declaration = JSON.stringify({ sha256, manifest, by: 'drill', reason: 'a drill' });
    const declared = await post('', Buffer.from(declaration));
    if (!declared.ok) throw new Error(`${file}: ${await declared.text()}`);
    let reply = { status: 0, answer: '' };
    const startedAt = performance.now();
    const health = await whileHealthIsAsked(port, async () => {
      const answer = await post('/file', new Uint8Array(bytes));
      reply = { status: answer.status, answer: (await answer.text()).slice(0, 120) };
    });
    const tookMs = performance.now() - startedAt;
    lines.push({ file, mebibytes: bytes.length / 2 ** 20, ...reply, tookMs, ...health });
  }
  return lines;
}
