// The strategies of each configuration a search tries, loaded once for as long as they stay the same.
import type { RatchetConfig } from '../../infra/config/config';
import { openVoters, type OpenedVoters } from '../../infra/strategies/open';

export class OpenedConfigs {
  #key = '';
  #opened: Promise<OpenedVoters> | undefined;

  /** @throws Refused STRATEGY_* */
  of(config: RatchetConfig): Promise<OpenedVoters> {
    const key = JSON.stringify([config.strategies, config.decision]);
    if (this.#opened === undefined || key !== this.#key) this.#opened = openVoters(config);
    this.#key = key;
    return this.#opened;
  }
}
