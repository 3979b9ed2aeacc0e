// Keeps this process's event loop turning instead of sleeping, so that the next message finds it awake.

export class WakefulLoop {
  #until = 0;
  #turning = false;

  /** Stays awake from now for this long, replacing earlier calls; 0 lets it sleep. */
  stay(ms: number): void {
    this.#until = ms === 0 ? 0 : performance.now() + ms;
    if (ms === 0 || this.#turning) return;
    this.#turning = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#turning = performance.now() < this.#until;
    if (this.#turning) setImmediate(this.#turn);
  };
}
