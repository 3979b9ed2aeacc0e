// What every admin call works with.
import type { KiteReply, KiteRequest } from '../rest/request';
import type { Scene } from '../rest/scene';

export interface AdminScene extends Scene {
  readonly paperToken: string | undefined;
  /** Called after a change that subscribers should see at once. */
  readonly flush: () => void;
  readonly startClock: () => void;
  /** Plays everything up to the clock's time, however much it is. */
  readonly catchUp: () => void;
  /** Ends every ticker connection. */
  readonly disconnectAll: () => void;
}

export type AdminAnswer = (scene: AdminScene, request: KiteRequest) => KiteReply;
