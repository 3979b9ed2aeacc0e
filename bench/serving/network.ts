// The network on which every server is compared, its contract, and the bodies it is asked with.
import { floatTensor, graph, model, node, value } from '../../test/serving/support/onnxWriter';
import { postBytes } from './loadGenerator';
import { round } from './measure';

const features = 32;
/** More bodies than the result cache holds, so that no answer comes from it. */
const bodies = 20_000;

export const contract = {
  inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, features], min: -10, max: 10 }],
  outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1, 1], min: 0, max: 1 }],
};

/** Infer requests for the model of this name. */
export const makeRequests = (name: string): readonly Buffer[] =>
  makeBodies().map((body) => postBytes(`/v2/models/${name}/infer`, body));

/** JSON bodies, each with a row of its own. */
export function makeBodies(): readonly string[] {
  return Array.from({ length: bodies }, (_, index) => {
    const values = Array.from({ length: features }, (_each, at) =>
      round(wave(index * features + at)),
    );
    const input = { name: 'features', datatype: 'FP32', shape: [1, features], data: values };
    return JSON.stringify({ inputs: [input] });
  });
}

/** 32 → 128 → 64 → 1 with fixed weights: the network docs/serving.md measures. */
export function networkModel(): Buffer {
  const widths = [features, 128, 64, 1];
  const layers = widths
    .slice(1)
    .map((width, index) => ({ from: widths[index] ?? 0, width, index }));
  return model(
    graph({
      nodes: layers.flatMap(({ index }) => [
        node({
          op: 'Gemm',
          inputs: [index === 0 ? 'features' : `h${index - 1}`, `w${index}`, `b${index}`],
          outputs: [`z${index}`],
        }),
        index === layers.length - 1
          ? node({ op: 'Sigmoid', inputs: [`z${index}`], outputs: ['probability'] })
          : node({ op: 'Relu', inputs: [`z${index}`], outputs: [`h${index}`] }),
      ]),
      inputs: [value({ name: 'features', shape: ['rows', features] })],
      outputs: [value({ name: 'probability', shape: ['rows', 1] })],
      initializers: layers.flatMap(({ from, width, index }) => [
        floatTensor(`w${index}`, [from, width], spread(from * width, index)),
        floatTensor(`b${index}`, [width], spread(width, index + 7)),
      ]),
    }),
  );
}

const spread = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, at) => wave(at + seed * 1_000) / 16);

/** A fixed number in [−1, 1) that looks random. */
const wave = (index: number): number => (Math.sin(index * 12.9898) * 43_758.5453) % 1 || 0;
