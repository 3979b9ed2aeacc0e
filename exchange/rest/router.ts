// Finds the route of a request, checks token and limits, and turns any error into Kite's error shape. An
// error of a route itself becomes a 500 of that shape, never a dropped connection.
import { wordsOf } from '../../domain/errors';
import { KiteError } from '../engine/kiteError';
import { requireAllowed } from './allowedAddresses';
import { gttRoutes } from './gttRoutes';
import { loginPageRoutes } from './loginPage';
import { marketRoutes } from './marketRoutes';
import { orderRoutes } from './orderRoutes';
import { portfolioRoutes } from './portfolioRoutes';
import { holdingRoutes } from './holdingRoutes';
import { marginRoutes } from './marginRoutes';
import { limitKind } from './rateLimits';
import { failure, type KiteReply, type KiteRequest } from './request';
import type { Route, Scene } from './scene';
import { userRoutes } from './userRoutes';

interface Entry {
  readonly route: Route;
  readonly segments: readonly string[];
}

const entries: readonly Entry[] = [
  ...loginPageRoutes,
  ...userRoutes,
  ...orderRoutes,
  ...marketRoutes,
  ...portfolioRoutes,
  ...holdingRoutes,
  ...marginRoutes,
  ...gttRoutes,
].map((route) => ({ route, segments: route.path.split('/') }));

/** Answers a request; never rejects. An answer that comes from here is carried out before this returns. */
export async function answer(request: KiteRequest, scene: Scene): Promise<KiteReply> {
  try {
    const { route, parts } = findRoute(request);
    if (route.isPublic !== true) scene.session.requireHeader(request.authorization);
    const kind = limitKind(request.method, request.path);
    if (kind === 'order') requireAllowed(request.address, scene.allowedAddresses);
    scene.limiter.admit(kind, scene.hostNow());
    return await route.answer({ request, parts, scene });
  } catch (error) {
    return errorReply(error);
  }
}

/** The reply to an error: Kite's own refusals unchanged, anything else a 500. */
export function errorReply(error: unknown): KiteReply {
  if (error instanceof KiteError) return failure(error);
  const message = wordsOf(error);
  return failure(new KiteError(500, 'GeneralException', `Something went wrong: ${message}`));
}

function findRoute({ method, path }: KiteRequest): { route: Route; parts: readonly string[] } {
  const segments = path.split('/');
  const matching = entries.filter((entry) => matches(entry.segments, segments));
  if (matching.length === 0) throw new KiteError(404, 'GeneralException', 'Route not found');
  const found = matching.find(({ route }) => route.method === method);
  if (found === undefined) throw new KiteError(405, 'GeneralException', 'Method not allowed');
  const parts = segments.filter((_, index) => found.segments[index] === '*');
  return { route: found.route, parts };
}

const matches = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, index) => part === '*' || part === segments[index]);
