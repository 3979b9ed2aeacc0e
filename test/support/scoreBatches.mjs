// Scores batches with an ONNX file in a plain Node process: jest's own Float32Array is not the one the
// native runtime accepts. In (stdin): {model, input, batches: number[][][]}; out: number[][] as JSON.
import { readFileSync } from 'node:fs';

// Before it is loaded, else it reports to its maker.
process.env.ORT_DISABLE_TELEMETRY = '1';
const { default: ort } = await import('onnxruntime-node');

const { model, input, batches } = JSON.parse(readFileSync(0, 'utf8'));
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
const answers = [];
for (const rows of batches) {
  const feed = new ort.Tensor('float32', Float32Array.from(rows.flat()), [
    rows.length,
    rows[0].length,
  ]);
  const outputs = await session.run({ [input]: feed });
  answers.push(Array.from(outputs[session.outputNames[0]].data));
}
console.log(JSON.stringify(answers));
