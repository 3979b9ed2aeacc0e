// What every route has access to, and the shape of a route.
import type { EpochMs } from '../../domain/units';
import type { RunningClock } from '../engine/marketClock';
import type { Exchange } from '../engine/exchange';
import type { FaultBox } from '../faults/faultBox';
import type { FarRows } from './farRows';
import type { Misstatement } from './misstatement';
import type { Profile } from './profile';
import type { Quirks } from './quirks';
import type { RateLimiter } from './rateLimits';
import type { KiteReply, KiteRequest } from './request';
import type { Session } from './session';

export interface Scene {
  readonly exchange: Exchange;
  readonly session: Session;
  readonly farRows: FarRows;
  readonly profile: Profile;
  /** Where a login sends the browser; undefined shows the request token on a page of our own. */
  readonly redirectUrl: string | undefined;
  readonly clock: RunningClock;
  readonly faults: FaultBox;
  readonly limiter: RateLimiter;
  readonly quirks: Quirks;
  readonly misstatement: Misstatement;
  /** Addresses that may send orders; undefined = all. */
  readonly allowedAddresses: readonly string[] | undefined;
  readonly hostNow: () => EpochMs;
}

/** One request and the variable parts of its path, in order. */
export interface RouteCall {
  readonly request: KiteRequest;
  readonly parts: readonly string[];
  readonly scene: Scene;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments with `*` for a variable one, e.g. `/orders/*`. */
  readonly path: string;
  /** A promise where the answer comes from elsewhere. */
  readonly answer: (call: RouteCall) => KiteReply | Promise<KiteReply>;
  /** True for the login, which needs no token. */
  readonly isPublic?: boolean;
}
