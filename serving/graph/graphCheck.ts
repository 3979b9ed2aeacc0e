// What a model may contain, checked on its bytes before onnxruntime sees them: known operators only, no data
// outside the file, no subgraphs (a 215-byte Loop never returns), no operator that makes large tensors out of
// small ones (a 74-byte ConstantOfShape took 4.1 GB).
import {
  checkMessage,
  fieldsOf,
  forbiddenBy,
  graphShape,
  modelShape,
  nodeShape,
  opsetShape,
} from './onnxMessages';
import { notOnnx } from './protobuf';

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
const maxOpsets = 16;

/** What a served model is made of. */
export interface GraphFacts {
  readonly irVersion: number;
  /** `domain@version`, in order. */
  readonly operatorSets: readonly string[];
  /** `Operator` or `domain.Operator`, in order. */
  readonly operators: readonly string[];
}

/** @throws Refused MODEL_REFUSED with the first thing in the model that is not allowed. */
export function checkGraph(modelBytes: Uint8Array): GraphFacts {
  refuseOtherFormat(modelBytes);
  const operatorSets: string[] = [];
  let operators: readonly string[] | undefined;
  let irVersion = 0;
  for (const { name, number, bytes } of fieldsOf(modelBytes, modelShape)) {
    if (name === 'irVersion') irVersion = number;
    if (name === 'opset') operatorSets.push(checkOpset(bytes));
    if (name === 'graph') operators = checkMainGraph(bytes);
    if (name === 'entry') checkMessage(name, bytes);
    if (operatorSets.length > maxOpsets) throw forbiddenBy('it uses too many operator sets');
  }
  if (irVersion < irVersions.min || irVersion > irVersions.max) {
    const allowed = `${irVersions.min} to ${irVersions.max}`;
    throw forbiddenBy(`its IR version is ${irVersion}, must be ${allowed}`);
  }
  if (operators === undefined) throw forbiddenBy('it has no graph');
  return { irVersion, operatorSets, operators };
}

/**
 * onnxruntime has a format of its own and knows it by these letters, whatever the rest is. The same bytes can
 * be a harmless ONNX model too.
 */
function refuseOtherFormat(modelBytes: Uint8Array): void {
  const mark = Buffer.from(modelBytes.subarray(4, 8)).toString('latin1');
  if (mark === 'ORTM') throw notOnnx('it is marked as onnxruntime’s own format');
}

function checkOpset(opset: Uint8Array): string {
  let domain = '';
  let version = 0;
  for (const { name, number, bytes } of fieldsOf(opset, opsetShape)) {
    if (name === 'domain') domain = textOf(bytes);
    if (name === 'version') version = number;
  }
  if (!allowedOperators.has(plainDomain(domain))) {
    throw forbiddenBy(`it uses the operator set "${domain.slice(0, 60)}"`);
  }
  if (version > maxOpset) {
    throw forbiddenBy(`its operator set is version ${version}, at most ${maxOpset} is served`);
  }
  return `${domain}@${version}`;
}

function checkMainGraph(graph: Uint8Array): readonly string[] {
  const operators: string[] = [];
  for (const { name, bytes } of fieldsOf(graph, graphShape)) {
    if (name === 'node') operators.push(checkNode(bytes));
    else if (name !== 'name' && name !== 'documentation') checkMessage(name, bytes);
    if (operators.length > maxNodes) {
      throw forbiddenBy(`it has more than ${maxNodes} nodes`);
    }
  }
  return operators;
}

function checkNode(node: Uint8Array): string {
  let operator = '';
  let domain = '';
  for (const { name, bytes } of fieldsOf(node, nodeShape)) {
    if (name === 'operator') operator = textOf(bytes);
    if (name === 'domain') domain = textOf(bytes);
    if (name === 'attribute' || name === 'entry') checkMessage(name, bytes);
  }
  const full = domain === '' ? operator : `${domain}.${operator}`;
  if (allowedOperators.get(plainDomain(domain))?.has(operator) === true) return full;
  throw forbiddenBy(`it uses the operator ${full.slice(0, 80)}`);
}

/** ONNX's own operators have two names for their domain. */
const plainDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
