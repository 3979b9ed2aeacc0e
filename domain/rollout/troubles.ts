// What an operator should be told about a model server, found by comparing its status with the one before.
// Pure: the modelWatch workflow asks for the status, and raises an alert for a trouble that was not there
// before.

import type { OtherAlertType } from '../alerts/catalogue';

/** The part of a version's status that is compared. */
export interface WatchedVersion {
  readonly version: string;
  readonly state: string;
  readonly reason: string | null;
  readonly answered: number;
  readonly failed: number;
  readonly inputDrift: number | null;
  readonly outputDrift: number | null;
}

export interface WatchedModel {
  readonly name: string;
  readonly stable: string | null;
  readonly versions: readonly WatchedVersion[];
  /** Its last load, where that failed. */
  readonly refused?: { readonly version: string; readonly why: string } | undefined;
}

export interface Trouble {
  readonly type: Extract<
    OtherAlertType,
    | 'model.version_out'
    | 'model.version_refused'
    | 'model.unavailable'
    | 'model.failing'
    | 'model.drifted'
  >;
  readonly model: string;
  readonly version: string;
  readonly why: string;
}

const maxDrift = 0.25;
const maxFailedShare = 0.01;
/** With fewer answers than this between two looks, a share says nothing. */
const minAnswers = 100;

/** Identifies a trouble whatever its numbers, so that it is told once. */
export const troubleKey = ({ type, model, version }: Trouble): string =>
  `${type}/${model}/${version}`;

/**
 * Everything that is wrong now. @param before the status at the look before, for what happened in between.
 */
export function troublesOf(
  before: readonly WatchedModel[],
  now: readonly WatchedModel[],
): readonly Trouble[] {
  return now.flatMap((model) => {
    const known = before.find(({ name }) => name === model.name)?.versions ?? [];
    const found = model.versions.flatMap((version) => {
      const earlier = known.find((each) => each.version === version.version);
      return versionTroubles(version, earlier).map((trouble) => ({
        ...trouble,
        model: model.name,
        version: version.version,
      }));
    });
    return [...found, ...refusal(model), ...absence(model)];
  });
}

const refusal = ({ name, refused }: WatchedModel): Trouble[] =>
  refused === undefined ? [] : [{ type: 'model.version_refused', model: name, ...refused }];

function absence({ name, stable, versions }: WatchedModel): Trouble[] {
  if (stable === null || versions.some(({ state }) => state === 'READY')) return [];
  const why = 'no version of it is ready: what needs its score goes without';
  return [{ type: 'model.unavailable', model: name, version: stable, why }];
}

function versionTroubles(
  version: WatchedVersion,
  earlier: WatchedVersion | undefined,
): Pick<Trouble, 'type' | 'why'>[] {
  const troubles: Pick<Trouble, 'type' | 'why'>[] = [];
  if (version.state === 'FAILED') {
    troubles.push({ type: 'model.version_out', why: version.reason ?? 'it left the rotation' });
  }
  const failing = failedShare(version, earlier);
  if (failing > maxFailedShare) {
    troubles.push({ type: 'model.failing', why: `${percent(failing)} of its requests fail` });
  }
  const drift = Math.max(version.inputDrift ?? 0, version.outputDrift ?? 0);
  if (drift > maxDrift) {
    const side = drift === version.inputDrift ? 'inputs' : 'answers';
    const why = `its ${side} have moved from those it began with: index ${drift.toFixed(2)}`;
    troubles.push({ type: 'model.drifted', why });
  }
  return troubles;
}

/** Share of failures among requests since the look before. A version that was loaded again starts from 0. */
function failedShare(version: WatchedVersion, earlier: WatchedVersion | undefined): number {
  const same = earlier !== undefined && earlier.answered <= version.answered;
  const answered = version.answered - (same ? earlier.answered : 0);
  const failed = version.failed - (same ? earlier.failed : 0);
  return answered < minAnswers ? 0 : failed / answered;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
