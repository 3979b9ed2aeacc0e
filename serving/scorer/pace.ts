// Decides whether to stay awake around a run. Waking a sleeping core costs more than a small model does: 30
// to 60 µs on a virtual machine. A request that comes alone needs two such wakes more than one scored in the
// server itself. So while few requests are under way the server stays awake for a quick answer, and while
// they come one at a time and close together the scorer stays awake for the next. Under load neither sleeps
// anyway, and for a slow model or rare requests neither waits awake.

/** How long to stay awake, in ms; 0 sleeps at once. */
export interface Wakefulness {
  /** For the server: to wait for this run's answer. */
  readonly serverMs: number;
  /** For the scorer: after this run, to wait for the next. */
  readonly scorerMs: number;
}

const asleep: Wakefulness = { serverMs: 0, scorerMs: 0 };
/** For answers that take longer, the server sleeps. */
const quickMs = 0.25;
/** For requests further apart than this, the scorer sleeps. */
const closeMs = 0.3;
/** With more requests than this in a run, the next ones keep the server awake. */
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

  /** A run of this many requests begins. */
  begin(now: number, requests: number): Wakefulness {
    // A long pause counts no more than a short one. Otherwise hundreds of requests would be needed to forget
    // it.
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
