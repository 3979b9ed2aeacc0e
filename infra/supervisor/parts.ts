// What a system is started with, and what its parts share.
import type { RatchetConfig } from '../config/config';
import type { Child } from './childProcess';
import type { LoopbackServer } from '../net/loopbackServer';
import type { ResumableRun } from './resumableRun';
import type { World } from './world';

export interface SystemOptions {
  readonly config: RatchetConfig;
  readonly configFile: string | undefined;
  readonly date: string;
  /** Arguments of the exchange: on paper source, speed and cash; of a shadow the cash. */
  readonly exchange: readonly string[];
  readonly uiPort: number | undefined;
  /** The world whose state the system uses; undefined where everything ends with the run. */
  readonly world: World | undefined;
  /** Goes on with a paper run of the session that was killed. */
  readonly resumes?: boolean;
  readonly say: (line: string) => void;
}

export type Environment = Readonly<Record<string, string>>;

/** What the parts are started with, and the children started so far. */
export interface Parts extends SystemOptions {
  readonly folder: string;
  readonly logs: string;
  readonly children: Child[];
  /** What this process itself serves, closed with the system. */
  readonly doors: LoopbackServer[];
  /** Has the account's system before this one ended without being stopped? */
  readonly isRecovery: boolean;
  /** The paper run that was killed and is gone on with. */
  readonly resumed: ResumableRun | undefined;
}
