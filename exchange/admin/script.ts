// Admin calls from a file, made at the start or at a market instant, so that a run with faults can be
// repeated. They use the same routes as calls over HTTP.
import { z } from 'zod';
import { Refused, wordsOf } from '../../domain/errors';
import { istInstant } from '../../domain/session/sessionClock';
import { KiteError } from '../engine/kiteError';
import { adminCalls, answerAdmin } from './adminRoutes';
import { faultSpec } from './faultRoutes';
import type { AdminScene } from './scene';
import { objectLookup } from '../rest/params';
import type { KiteRequest } from '../rest/request';

/** One entry. `call` defaults to arming a fault; all other fields are the call's body. */
export interface ScriptedCall {
  /** Market time `HH:MM[:SS]`; an absent or past one means the start. */
  readonly at?: string | undefined;
  readonly call?: string | undefined;
  readonly [field: string]: unknown;
}

const callShape = z.looseObject({
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/)
    .optional(),
  call: z.string().optional(),
});

const armFault = 'POST /paper/faults';

/** Reads a script out of JSON. @throws Refused naming the first entry that is wrong and why. */
export function parseScript(text: string): readonly ScriptedCall[] {
  const list = z.array(z.unknown()).safeParse(jsonOf(text));
  if (!list.success) throw refused('must be a JSON list like [{"at":"10:00","kind":"slow"}]');
  return list.data.map((item, index) => {
    const parsed = callShape.safeParse(item);
    const place = `entry ${index + 1}`;
    if (!parsed.success) throw refused(`${place} must be an object with \`at\` like 10:00`);
    const entry = parsed.data;
    if (!adminCalls().includes(entry.call ?? armFault)) {
      throw refused(`${place}: call must be one of ${adminCalls().join(', ')}`);
    }
    if (entry.call === undefined) checkFault(entry, place);
    return entry;
  });
}

/** Makes the calls without an instant now and schedules the others. */
export function runScript(script: readonly ScriptedCall[], scene: AdminScene): void {
  const { exchange } = scene;
  for (const entry of script) {
    const at = entry.at === undefined ? exchange.now : istInstant(exchange.date, entry.at);
    if (at <= exchange.now) make(entry, scene);
    else exchange.at(at, () => make(entry, scene));
  }
}

/** A call that cannot be carried out is reported on the error stream, and the day goes on. */
function make(entry: ScriptedCall, scene: AdminScene): void {
  try {
    answerAdmin(requestOf(entry, scene.paperToken), { ...scene, flush: () => undefined });
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
    process.stderr.write(`exchange: ${entry.call ?? armFault} refused: ${error.message}\n`);
  }
}

function requestOf(entry: ScriptedCall, paperToken: string | undefined): KiteRequest {
  const [method = '', path = ''] = (entry.call ?? armFault).split(' ');
  return {
    method,
    path,
    query: new URLSearchParams(),
    form: new URLSearchParams(),
    body: JSON.stringify(entry),
    authorization: '',
    address: '',
    paperToken: paperToken ?? '',
  };
}

function checkFault(entry: ScriptedCall, place: string): void {
  try {
    faultSpec(objectLookup(entry));
  } catch (error) {
    throw refused(`${place}: ${wordsOf(error)}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const refused = (why: string): Refused =>
  new Refused({ code: 'EXCHANGE_SCRIPT', message: `the faults file ${why}` });
