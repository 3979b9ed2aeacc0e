// Sends requests one after the other, as far apart as their receiver wants them.
import { setTimeout as sleep } from 'node:timers/promises';

export class Pace {
  private readonly everyMs: number;
  private last: Promise<unknown> = Promise.resolve();
  private sentAt = 0;

  /** @param everyMs from the start of one request to that of the next, host ms. */
  constructor(everyMs: number) {
    this.everyMs = everyMs;
  }

  /** Sends it in its turn. @throws what it throws; those behind it go on. */
  send<T>(request: () => Promise<T>): Promise<T> {
    const answer = this.last.then(async () => {
      await sleep(Math.max(0, this.sentAt + this.everyMs - Date.now()));
      this.sentAt = Date.now();
      return request();
    });
    this.last = answer.catch(() => undefined);
    return answer;
  }
}
