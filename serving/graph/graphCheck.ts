// What a model may contain, checked on its bytes before onnxruntime sees them: known operators only, no data
// outside the file, no subgraphs (a 215-byte Loop never returns), no operator that makes large tensors out of
// small ones (a 74-byte ConstantOfShape took 4.1 GB). Field numbers are those of onnx.proto3.
import { refused } from '../protocol/errors';
import { readFields, textOf, type Field } from './protobuf';

/** Allowed operators by domain; all others are refused. The list grows only in code, never by a request. */
const allowedOperators: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    '',
    new Set(
      (
        'Gemm MatMul MatMulInteger Add Sub Mul Div Neg Abs Sqrt Exp Log Pow Erf Reciprocal Min Max ' +
        'Mean Sum Clip Relu LeakyRelu Elu Selu Gelu PRelu Sigmoid HardSigmoid Tanh Softplus Softsign ' +
        'Softmax LogSoftmax Identity Dropout Cast Reshape Flatten Squeeze Unsqueeze Transpose Concat Split ' +
        'Slice Gather GatherElements ArgMax ArgMin TopK ReduceSum ReduceMean ReduceMax ReduceMin ' +
        'ReduceL2 ReduceSumSquare Where Equal Greater GreaterOrEqual Less LessOrEqual And Or Not ' +
        'Sign Floor Ceil Round IsNaN BatchNormalization LayerNormalization InstanceNormalization ' +
        'Mod CumSum Conv MaxPool AveragePool GlobalAveragePool GlobalMaxPool LSTM GRU Shape Constant'
      ).split(' '),
    ),
  ],
  [
    'ai.onnx.ml',
    new Set(
      (
        'Scaler Normalizer Imputer Binarizer LinearClassifier LinearRegressor SVMClassifier ' +
        'SVMRegressor TreeEnsembleClassifier TreeEnsembleRegressor TreeEnsemble FeatureVectorizer ' +
        'ArrayFeatureExtractor OneHotEncoder LabelEncoder'
      ).split(' '),
    ),
  ],
]);

const maxNodes = 5_000;
const irVersions = { min: 3, max: 13 };
const maxOpset = 25;
const external = 1;

const modelField = { irVersion: 1, graph: 7, opset: 8, training: 20, functions: 25 };
const graphField = { node: 1, initializer: 5, sparseInitializer: 15 };
const nodeField = { opType: 4, attribute: 5, domain: 7 };
const attributeField = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 };
const tensorField = { externalEntries: 13, dataLocation: 14 };

/** @throws Refused MODEL_REFUSED with the first thing in the graph that is not allowed. */
export function checkGraph(modelBytes: Uint8Array): void {
  let graphs = 0;
  let irVersion = 0;
  for (const field of readFields(modelBytes)) {
    if (field.id === modelField.irVersion) irVersion = field.number;
    if (field.id === modelField.opset) checkOpset(field);
    if (field.id === modelField.functions) throw forbidden('it defines functions of its own');
    if (field.id === modelField.training) throw forbidden('it carries training graphs');
    if (field.id === modelField.graph) {
      graphs += 1;
      checkMainGraph(field.bytes);
    }
  }
  if (irVersion < irVersions.min || irVersion > irVersions.max) {
    throw forbidden(
      `its IR version is ${irVersion}, must be ${irVersions.min} to ${irVersions.max}`,
    );
  }
  if (graphs !== 1) throw forbidden(`it has ${graphs} graphs instead of one`);
}

function checkOpset(field: Field): void {
  for (const part of readFields(field.bytes)) {
    if (part.id === 1 && !allowedOperators.has(textOf(part)) && textOf(part) !== 'ai.onnx') {
      throw forbidden(`it uses the operator set "${textOf(part).slice(0, 60)}"`);
    }
    if (part.id === 2 && part.number > maxOpset) {
      throw forbidden(`its operator set is version ${part.number}, at most ${maxOpset} is served`);
    }
  }
}

function checkMainGraph(graph: Uint8Array): void {
  let nodes = 0;
  for (const field of readFields(graph)) {
    if (field.id === graphField.initializer) checkTensor(field.bytes);
    if (field.id === graphField.sparseInitializer) throw forbidden('it has sparse constants');
    if (field.id === graphField.node) {
      nodes += 1;
      checkNode(field.bytes);
    }
  }
  if (nodes > maxNodes) throw forbidden(`it has ${nodes} nodes, at most ${maxNodes} are served`);
}

function checkNode(node: Uint8Array): void {
  let operator = '';
  let domain = '';
  for (const field of readFields(node)) {
    if (field.id === nodeField.opType) operator = textOf(field);
    if (field.id === nodeField.domain) domain = textOf(field);
    if (field.id === nodeField.attribute) checkAttribute(field.bytes);
  }
  const known = allowedOperators.get(domain === 'ai.onnx' ? '' : domain);
  if (known?.has(operator) !== true) {
    const full = domain === '' ? operator : `${domain}.${operator}`;
    throw forbidden(`it uses the operator ${full.slice(0, 80)}`);
  }
}

function checkAttribute(attribute: Uint8Array): void {
  for (const field of readFields(attribute)) {
    if (field.id === attributeField.graph || field.id === attributeField.graphs) {
      throw forbidden('it has a subgraph');
    }
    if (field.id === attributeField.sparse || field.id === attributeField.sparses) {
      throw forbidden('it has sparse constants');
    }
    if (field.id === attributeField.tensor || field.id === attributeField.tensors) {
      checkTensor(field.bytes);
    }
  }
}

function checkTensor(tensor: Uint8Array): void {
  for (const field of readFields(tensor)) {
    const outside =
      field.id === tensorField.externalEntries ||
      (field.id === tensorField.dataLocation && field.number === external);
    if (outside) throw forbidden('it keeps data outside its file');
  }
}

const forbidden = (sentence: string): Error =>
  refused('MODEL_REFUSED', `The model is not allowed: ${sentence}.`);
