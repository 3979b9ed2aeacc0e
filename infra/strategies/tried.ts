// Runs a strategy's code for the first time, apart from this process, with limits of time and memory: what it declares,
// and its trial where bars are given.
import { Refused } from '../../domain/errors';
import { startApart, wordsOfEnd } from './apartProcess';
import type { TrialMessage, TrialStart } from './trialChild';

const memoryMb = 256;
const trialMaxMs = 25_000;

export type Tried = Exclude<TrialMessage, { readonly refused: string }>;

/** @throws Refused STRATEGY_DECLARATION where it did not come through, in one sentence. */
export function tried(start: TrialStart): Promise<Tried> {
  const child = startApart('trialChild', memoryMb);
  return new Promise<Tried>((done, fail) => {
    const refuse = (message: string): void =>
      fail(new Refused({ code: 'STRATEGY_DECLARATION', message }));
    const { name } = start.code;
    const timer = setTimeout(
      () => refuse(`${name}: its trial was not over within ${trialMaxMs / 1_000} s`),
      trialMaxMs,
    );
    child.on('message', (message: TrialMessage) => {
      clearTimeout(timer);
      if ('refused' in message) refuse(message.refused);
      else done(message);
    });
    child.on('exit', (_, signal) => {
      clearTimeout(timer);
      refuse(`${name}: ${wordsOfEnd(signal, memoryMb)}`);
    });
    child.send(start);
  }).finally(() => child.kill('SIGKILL'));
}
