// Prometheus' text form of the version counters, written when scraped. So the hot path pays one array
// increment per request instead of a labelled observation.
import { candidateShare } from '../../domain/rollout/rollout';
import type { LatencyHistogram } from '../registry/latencyHistogram';
import type { LoadedVersion } from '../registry/loadedVersion';
import type { ServedModel } from '../registry/routing';
import { scorerNetwork } from '../scorer/network';

/** Upper bounds of the exported histogram in seconds; 10 ms is the service goal. */
const bucketsSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2];

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** Undefined where the value is not known; then the line is left out. */
  readonly value: (loaded: LoadedVersion) => number | undefined;
}

const families: readonly Family[] = [
  counter(
    'requests_total',
    'Requests the model answered or failed.',
    ({ counters }) => counters.answered,
  ),
  counter(
    'failures_total',
    'Requests failed through the model or its scorer.',
    ({ counters }) => counters.failed,
  ),
  counter(
    'invalid_outputs_total',
    'Answers that broke the contract.',
    ({ counters }) => counters.invalidOutputs,
  ),
  counter('rows_total', 'Rows answered.', ({ counters }) => counters.rows),
  counter('batches_total', 'Runs of the model.', ({ counters }) => counters.batches),
  counter(
    'batched_requests_total',
    'Requests in those runs.',
    ({ counters }) => counters.batchedRequests,
  ),
  counter(
    'run_seconds_total',
    'Time inside onnxruntime.',
    ({ counters }) => counters.runMs / 1_000,
  ),
  counter('scorer_crashes_total', 'Scorer processes lost.', ({ counters }) => counters.crashes),
  counter(
    'cache_hits_total',
    'Answers from the result cache.',
    ({ counters }) => counters.cacheHits,
  ),
  counter(
    'cache_misses_total',
    'Answers that were not in it.',
    ({ counters }) => counters.cacheMisses,
  ),
  gauge('queue_rows', 'Rows waiting for a scorer.', ({ queuedRows }) => queuedRows),
  gauge('scorers', 'Live scorer processes.', ({ scorerPids }) => scorerPids.length),
  gauge(
    'resident_bytes',
    'Memory of the scorers after loading.',
    ({ residentBytes }) => residentBytes,
  ),
  gauge('load_seconds', 'From the start of loading to READY.', ({ loadMs }) => loadMs / 1_000),
  gauge(
    'input_drift',
    'Stability index of the last window of inputs against the first.',
    ({ drift }) => drift.inputs,
  ),
  gauge(
    'output_drift',
    'Stability index of the last window of outputs against the first.',
    ({ drift }) => drift.outputs,
  ),
  gauge('ready', 'Whether the version is in rotation.', ({ state }) => (state === 'READY' ? 1 : 0)),
];

function counter(name: string, help: string, value: Family['value']): Family {
  return { name: `ratchet_model_${name}`, type: 'counter', help, value };
}
function gauge(name: string, help: string, value: Family['value']): Family {
  return { name: `ratchet_model_${name}`, type: 'gauge', help, value };
}

/** The metrics of every loaded version. @param strangeOutcomes refused outcomes of a model. */
export function prometheusText(
  models: readonly ServedModel[],
  strangeOutcomes: (model: string) => number,
): string {
  const loaded = models.flatMap(({ versions }) => [...versions.values()]);
  const lines = families.flatMap((family) => [
    `# HELP ${family.name} ${family.help}`,
    `# TYPE ${family.name} ${family.type}`,
    ...loaded.flatMap((each) => {
      const value = family.value(each);
      return value === undefined ? [] : [`${family.name}{${labels(each)}} ${value}`];
    }),
  ]);
  return [
    ...lines,
    ...trafficLines(models),
    ...outcomeLines(models, strangeOutcomes),
    ...errorLines(loaded),
    ...latencyLines(loaded),
    ...networkLines(),
    '',
  ].join('\n');
}

/** The share of traffic of each version, and why it answers: the variant of its answers. */
function trafficLines(models: readonly ServedModel[]): string[] {
  const name = 'ratchet_model_traffic_share';
  return [
    `# HELP ${name} Share of the requests without a version that each version answers.`,
    `# TYPE ${name} gauge`,
    ...models.flatMap(({ name: model, stable, rollout }) => {
      const share = rollout === undefined ? 0 : candidateShare(rollout);
      const line = (version: string, variant: string, value: number): string =>
        `${name}{model="${model}",version="${version}",variant="${variant}"} ${value}`;
      return [
        ...(stable === undefined ? [] : [line(stable, 'stable', 1 - share)]),
        ...(rollout === undefined ? [] : [line(rollout.candidate, rollout.phase.kind, share)]),
      ];
    }),
  ];
}

function outcomeLines(
  models: readonly ServedModel[],
  strangeOutcomes: (model: string) => number,
): string[] {
  const name = 'ratchet_model_outcomes_refused_total';
  return [
    `# HELP ${name} Outcomes told of keys that the teller had not scored.`,
    `# TYPE ${name} counter`,
    ...models.map((model) => `${name}{model="${model.name}"} ${strangeOutcomes(model.name)}`),
  ];
}

function networkLines(): string[] {
  const name = 'ratchet_scorer_network';
  return [
    `# HELP ${name} Whether scorers could reach the network: 0 where they are cut off from it.`,
    `# TYPE ${name} gauge`,
    `${name} ${scorerNetwork() === 'none' ? 0 : 1}`,
  ];
}

function errorLines(loaded: readonly LoadedVersion[]): string[] {
  const name = 'ratchet_model_errors_total';
  return [
    `# HELP ${name} Refused and failed requests by code.`,
    `# TYPE ${name} counter`,
    ...loaded.flatMap((each) =>
      [...each.counters.errorsByCode].map(
        ([code, count]) => `${name}{${labels(each)},code="${code}"} ${count}`,
      ),
    ),
  ];
}

function latencyLines(loaded: readonly LoadedVersion[]): string[] {
  const name = 'ratchet_model_latency_seconds';
  return [
    `# HELP ${name} From routing to the checked answer, cached answers not counted.`,
    `# TYPE ${name} histogram`,
    ...loaded.flatMap((each) => histogramLines(name, labels(each), each.counters.latency)),
  ];
}

function histogramLines(name: string, label: string, latency: LatencyHistogram): string[] {
  return [
    ...bucketsSeconds.map(
      (le) => `${name}_bucket{${label},le="${le}"} ${latency.countAtMost(le * 1_000)}`,
    ),
    `${name}_bucket{${label},le="+Inf"} ${latency.count}`,
    `${name}_sum{${label}} ${latency.sumMs / 1_000}`,
    `${name}_count{${label}} ${latency.count}`,
  ];
}

/** Names and versions are checked against patterns without quotes, so nothing needs escaping. */
const labels = ({ config, version }: LoadedVersion): string =>
  `model="${config.name}",version="${version}"`;
