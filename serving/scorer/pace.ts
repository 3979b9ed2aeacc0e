// Whether it pays to stay awake around a run. Waking a sleeping core costs more than a small model does: 30 to
// 60 µs on a virtual machine, and a request that comes alone needs two such wakes more than one scored in the
// server itself. So while few requests are on their way the server does not sleep before a quick answer, and
// while they come one at a time and close together the scorer does not sleep before the next one. Under load
// nobody sleeps anyway, and a slow model or a rare request costs no waiting at all.

/** How long to stay awake, in ms; 0 is to sleep at once. */
export interface Wakefulness {
  /** The server, for the answer of this run. */
  readonly serverMs: number;
  /** The scorer, after this run for the next one. */
  readonly scorerMs: number;
}

const asleep: Wakefulness = { serverMs: 0, scorerMs: 0 };
/** Answers that take longer are waited for asleep. */
const quickMs = 0.25;
/** Requests further apart than this are waited for asleep. */
const closeMs = 0.3;
/** Above this many requests in a run the next ones keep the server awake. */
const fewRequests = 4;
const weight = 1 / 8;

/** The rhythm of one scorer, from instants in ms of one clock. */
export class Pace {
  /** With one core to share, staying awake would only keep the other process from running. */
  readonly #cores: number;
  #turnaroundMs = 10 * quickMs;
  #gapMs = 10 * closeMs;
  #requests = fewRequests;
  #startedAt = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  constructor(cores: number) {
    this.#cores = cores;
  }

  /** A run of so many requests begins. */
  begin(now: number, requests: number): Wakefulness {
    // One long pause says no more than a short one, or it would take hundreds of requests to forget it.
    this.#gapMs += (Math.min(now - this.#endedAt, 10 * closeMs) - this.#gapMs) * weight;
    this.#requests += (requests - this.#requests) * weight;
    this.#startedAt = now;
    if (this.#cores < 2 || requests > fewRequests || this.#turnaroundMs > quickMs) return asleep;
    const alone = this.#requests < 1.1 && this.#gapMs < closeMs;
    return { serverMs: quickMs, scorerMs: alone ? closeMs : 0 };
  }

  end(now: number): void {
    this.#endedAt = now;
    const tookMs = Math.min(now - this.#startedAt, 10 * quickMs);
    this.#turnaroundMs += (tookMs - this.#turnaroundMs) * weight;
  }
}
