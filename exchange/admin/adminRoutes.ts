// The admin API of the exchange under /paper/: clock, books, news and the controls that tests use. It is not
// part of Kite. With a token configured, every call but the clock and the news needs the header x-paper-token.
import { isSame } from '../rest/session';
import { KiteError, inputError } from '../engine/kiteError';
import { heldShares } from '../engine/overnight';
import { netQuantityOf } from '../engine/account';
import type { OrderView } from '../engine/order';
import { success, type KiteReply, type KiteRequest } from '../rest/request';
import { optionalNumber } from '../rest/params';
import { bodyLookup } from './body';
import { engineRoutes } from './engineCalls';
import { faultRoutes } from './faultRoutes';
import { newsFeed } from './newsFeed';
import type { AdminAnswer, AdminScene } from './scene';

const adminRoutes: Readonly<Record<string, AdminAnswer>> = {
  'GET /paper/clock': (scene) => success(clockRow(scene)),
  'POST /paper/clock/start': startClock,
  'POST /paper/clock/advance': advanceClock,
  'GET /paper/books': (scene) => success(booksRow(scene)),
  'GET /paper/news.rss': ({ exchange }) => ({
    status: 200,
    contentType: 'application/rss+xml',
    body: newsFeed(exchange.source.headlines, exchange.now),
  }),
  ...engineRoutes,
  ...faultRoutes,
};

/** What the market's clock and a news site tell anybody. */
const openCalls = new Set(['GET /paper/clock', 'GET /paper/news.rss']);

/** Every call there is, as `METHOD /path`. */
export const adminCalls = (): readonly string[] => Object.keys(adminRoutes);

/** Answers a request under /paper/. @throws KiteError for a bad token, path or body. */
export function answerAdmin(request: KiteRequest, scene: AdminScene): KiteReply {
  const call = `${request.method} ${request.path}`;
  const guarded = scene.paperToken !== undefined && !openCalls.has(call);
  if (guarded && !isSame(request.paperToken, scene.paperToken)) {
    throw new KiteError(403, 'PermissionException', 'x-paper-token is missing or wrong');
  }
  const route = adminRoutes[call];
  if (route !== undefined) return route(scene, request);
  const known = adminCalls().join(', ');
  throw new KiteError(404, 'GeneralException', `no such admin call; there are ${known}`);
}

function startClock(scene: AdminScene): KiteReply {
  scene.startClock();
  return success(clockRow(scene));
}

/** Longest step: a day, which is more than any session has left. */
const advanceMsMax = 86_400_000;

/** `{ms}`: moves a held clock forward by this much market time. */
function advanceClock(scene: AdminScene, request: KiteRequest): KiteReply {
  const ms = optionalNumber(bodyLookup(request), 'ms', [1, advanceMsMax]);
  if (ms === undefined) throw inputError('Missing `ms`.');
  if (!scene.clock.held) throw inputError('The clock is running: only a held one is advanced.');
  scene.clock.advance(Math.round(ms));
  scene.catchUp();
  return success(clockRow(scene));
}

/** market = marketAt + (host − hostAt) · speed; while held it stands at marketAt. */
function clockRow({ clock, exchange }: AdminScene): Record<string, unknown> {
  const relation = clock.relation();
  const stock = exchange.source.listings.find((listing) => !listing.isIndex);
  return {
    ...relation,
    held: clock.held,
    date: exchange.date,
    phase: stock === undefined ? 'closed' : exchange.phase(stock),
  };
}

/** The books in integer paise. When flat, cash = openingCash + realised flows − charges − fees. */
function booksRow({ exchange }: AdminScene): Record<string, unknown> {
  const { account, desk } = exchange;
  return {
    ...account.books(),
    openPositions: account
      .positions()
      .filter((position) => netQuantityOf(position) !== 0)
      .map((position) => ({
        tradingsymbol: position.listing.tradingsymbol,
        product: position.product,
        quantity: netQuantityOf(position),
        buyValue: position.buyValue,
        sellValue: position.sellValue,
        realised: position.realised,
      })),
    held: heldShares(account),
    orders: desk.all().length,
    liveOrders: desk.allLive().length,
    chargesByOrder: desk.all().flatMap((order) => orderCharges(exchange, order)),
    fills: account.fills.map(({ listing, ...fill }) => ({
      ...fill,
      tradingsymbol: listing.tradingsymbol,
    })),
  };
}

const orderCharges = (
  { account }: AdminScene['exchange'],
  { orderId, filledQuantity }: OrderView,
): readonly Record<string, unknown>[] =>
  filledQuantity === 0 ? [] : [{ orderId, ...account.chargesOf(orderId) }];
