// One document with the state of every model, and the statistics in the protocol's own form.
import { candidateShare, type RolloutPhase } from '../../domain/rollout/rollout';
import { quantileMs } from '../registry/latencyHistogram';
import type { LoadedVersion } from '../registry/loadedVersion';
import type { LoadFailure } from '../registry/repositoryIndex';
import type { ServedModel } from '../registry/routing';
import { scorerNetwork, type ScorerNetwork } from '../scorer/network';

export interface VersionStatus {
  readonly version: string;
  readonly state: LoadedVersion['state'];
  /** Why it is out of rotation. */
  readonly reason: string | null;
  readonly scorerPids: readonly number[];
  readonly queuedRows: number;
  readonly answered: number;
  readonly failed: number;
  readonly invalidOutputs: number;
  readonly crashes: number;
  readonly cacheHits: number;
  readonly rowsPerBatch: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly inputDrift: number | null;
  readonly outputDrift: number | null;
  readonly loadMs: number;
  readonly residentBytes: number;
}

export interface ServerStatus {
  readonly scorerNetwork: ScorerNetwork;
  /** Models whose last load failed: the version that was wanted, and why. What served before goes on. */
  readonly refused: readonly {
    readonly model: string;
    readonly version: string | null;
    readonly why: string;
  }[];
  readonly models: readonly {
    readonly name: string;
    readonly stable: string | null;
    readonly previous: string | null;
    readonly rollout: {
      readonly candidate: string;
      readonly phase: RolloutPhase;
      /** Share of the traffic, 0…1, the candidate answers. */
      readonly share: number;
    } | null;
    readonly versions: readonly VersionStatus[];
  }[];
}

export interface StatusSources {
  readonly models: readonly ServedModel[];
  readonly failures: ReadonlyMap<string, LoadFailure>;
}

/** Every model with its versions, traffic, health and latency. */
export const statusOf = ({ models, failures }: StatusSources): ServerStatus => ({
  scorerNetwork: scorerNetwork(),
  refused: [...failures].map(([model, { version = null, why }]) => ({ model, version, why })),
  models: models.map((model) => ({
    name: model.name,
    stable: model.stable ?? null,
    previous: model.previous ?? null,
    rollout:
      model.rollout === undefined
        ? null
        : {
            candidate: model.rollout.candidate,
            phase: model.rollout.phase,
            share: candidateShare(model.rollout),
          },
    versions: [...model.versions.values()].map(versionStatus),
  })),
});

function versionStatus(loaded: LoadedVersion): VersionStatus {
  const { counters } = loaded;
  const latency = counters.latency.counts();
  return {
    version: loaded.version,
    state: loaded.state,
    reason: loaded.reason ?? null,
    scorerPids: loaded.scorerPids,
    queuedRows: loaded.queuedRows,
    answered: counters.answered,
    failed: counters.failed,
    invalidOutputs: counters.invalidOutputs,
    crashes: counters.crashes,
    cacheHits: counters.cacheHits,
    rowsPerBatch: counters.batches === 0 ? null : counters.rows / counters.batches,
    p50Ms: quantileMs(latency, 0.5) ?? null,
    p99Ms: quantileMs(latency, 0.99) ?? null,
    inputDrift: loaded.drift.inputs ?? null,
    outputDrift: loaded.drift.outputs ?? null,
    loadMs: loaded.loadMs,
    residentBytes: loaded.residentBytes,
  };
}

/** Triton's statistics extension, in the fields this server measures. */
export const statisticsOf = (model: ServedModel, version?: string): unknown => ({
  model_stats: [...model.versions.values()]
    .filter((loaded) => version === undefined || loaded.version === version)
    .map(({ config, version: number, counters }) => ({
      name: config.name,
      version: number,
      last_inference: counters.lastAnswerAt ?? 0,
      inference_count: counters.rows,
      execution_count: counters.batches,
      inference_stats: {
        success: duration(counters.answered - counters.failed, counters.latency.sumMs),
        fail: duration(counters.failed, 0),
        compute_infer: duration(counters.batches, counters.runMs),
        cache_hit: duration(counters.cacheHits, 0),
        cache_miss: duration(counters.cacheMisses, 0),
      },
      batch_stats: [],
    })),
});

const duration = (count: number, ms: number): { count: number; ns: number } => ({
  count,
  ns: Math.round(ms * 1e6),
});
