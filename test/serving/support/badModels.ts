// Candidates that pass their checks and fail on traffic, depending on the first feature. All have the
// contract of `logisticConfig(2)`; the good version beside them is `logisticModel([1, 1], 0)`.
import {
  elementTypes,
  floatTensor,
  graph,
  integerAttribute,
  logisticModel,
  model,
  node,
  value,
} from './onnxWriter';

const features = value({ name: 'features', shape: ['rows', 2] });
const probability = value({ name: 'probability', shape: ['rows', 1] });

/** NaN for a negative first feature. */
export const nanModel = model(
  graph({
    nodes: [
      node({ op: 'Sqrt', inputs: ['features'], outputs: ['roots'] }),
      node({ op: 'MatMul', inputs: ['roots', 'weights'], outputs: ['logit'] }),
      node({ op: 'Sigmoid', inputs: ['logit'], outputs: ['probability'] }),
    ],
    inputs: [features],
    outputs: [probability],
    initializers: [floatTensor('weights', [2, 1], [1, 1])],
  }),
);

/** Other answers than the good version's, all of them allowed. */
export const driftingModel = logisticModel([-1, -3], 0);

/** Fails inside onnxruntime for a first feature of 1 and more: an index beyond its table. */
export const failingModel = model(
  graph({
    nodes: [
      node({ op: 'MatMul', inputs: ['features', 'first'], outputs: ['column'] }),
      node({
        op: 'Cast',
        inputs: ['column'],
        outputs: ['index'],
        attributes: [integerAttribute('to', elementTypes.int64)],
      }),
      node({ op: 'Gather', inputs: ['table', 'index'], outputs: ['offset'] }),
      node({ op: 'Gemm', inputs: ['features', 'weights', 'bias'], outputs: ['logit'] }),
      node({ op: 'Add', inputs: ['logit', 'offset'], outputs: ['shifted'] }),
      node({ op: 'Sigmoid', inputs: ['shifted'], outputs: ['probability'] }),
    ],
    inputs: [features],
    outputs: [probability],
    initializers: [
      floatTensor('first', [2, 1], [1, 0]),
      floatTensor('table', [1], [0]),
      floatTensor('weights', [2, 1], [1, 1]),
      floatTensor('bias', [1], [0]),
    ],
  }),
);

const width = 256;
const depth = 200;

/** The good version's answers after some milliseconds of multiplying that change nothing. */
export const slowModel = model(
  graph({
    nodes: [
      node({ op: 'MatMul', inputs: ['features', 'widen'], outputs: ['h0'] }),
      ...Array.from({ length: depth }, (_, index) => [
        node({ op: 'MatMul', inputs: [`h${index}`, 'square'], outputs: [`m${index}`] }),
        node({ op: 'Tanh', inputs: [`m${index}`], outputs: [`h${index + 1}`] }),
      ]).flat(),
      node({ op: 'MatMul', inputs: [`h${depth}`, 'nothing'], outputs: ['zero'] }),
      node({ op: 'Gemm', inputs: ['features', 'weights', 'bias'], outputs: ['logit'] }),
      node({ op: 'Add', inputs: ['logit', 'zero'], outputs: ['sum'] }),
      node({ op: 'Sigmoid', inputs: ['sum'], outputs: ['probability'] }),
    ],
    inputs: [features],
    outputs: [probability],
    initializers: [
      floatTensor('widen', [2, width], new Array<number>(2 * width).fill(0.01)),
      floatTensor('square', [width, width], new Array<number>(width * width).fill(0.001)),
      floatTensor('nothing', [width, 1], new Array<number>(width).fill(0)),
      floatTensor('weights', [2, 1], [1, 1]),
      floatTensor('bias', [1], [0]),
    ],
  }),
);
