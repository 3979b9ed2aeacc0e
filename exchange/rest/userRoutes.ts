// Login, logout, profile and funds. Sources: docs/kite.md, Login, Books and Limits.
import { istText } from '../../domain/session/sessionClock';
import { availableMargin, debits, holdingSales } from '../engine/margins';
import { KiteError } from '../engine/kiteError';
import { formLookup, requiredText } from './params';
import { success, type KiteReply } from './request';
import type { Route, RouteCall, Scene } from './scene';
import type { Row } from './rows';

const user = (scene: Scene): Row => ({
  user_id: scene.profile.userId,
  user_type: 'individual',
  email: 'paper@ratchet.invalid',
  user_name: 'Paper Trader',
  user_shortname: 'Paper',
  broker: 'ZERODHA',
  exchanges: scene.profile.segments,
  products: scene.profile.products,
  order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
  avatar_url: null,
  meta: { demat_consent: dematConsent(scene) },
});

/** Kite leaves the field empty where there is no consent. */
const dematConsent = ({ profile }: Scene): string =>
  profile.dematConsent === 'none' ? '' : profile.dematConsent;

export const userRoutes: readonly Route[] = [
  { method: 'POST', path: '/session/token', isPublic: true, answer: login },
  { method: 'POST', path: '/session/refresh_token', isPublic: true, answer: renew },
  { method: 'DELETE', path: '/session/token', answer: logout },
  { method: 'GET', path: '/user/profile', answer: ({ scene }) => success(user(scene)) },
  { method: 'GET', path: '/user/profile/full', answer: fullProfile },
  { method: 'GET', path: '/user/margins', answer: ({ scene }) => success(allFunds(scene)) },
  { method: 'GET', path: '/user/margins/*', answer: oneSegment },
];

function login({ request, scene }: RouteCall): KiteReply {
  const lookup = formLookup(request.form);
  const token = scene.session.login(
    requiredText(lookup, 'api_key'),
    requiredText(lookup, 'request_token'),
    requiredText(lookup, 'checksum'),
    scene.hostNow(),
  );
  return success(loginRow(scene, token));
}

function renew({ request, scene }: RouteCall): KiteReply {
  const lookup = formLookup(request.form);
  const token = scene.session.renew(
    requiredText(lookup, 'api_key'),
    requiredText(lookup, 'refresh_token'),
    requiredText(lookup, 'checksum'),
  );
  return success(loginRow(scene, token));
}

const loginRow = (scene: Scene, token: string): Row => ({
  ...user(scene),
  api_key: scene.session.apiKey,
  access_token: token,
  public_token: token.slice(0, 16),
  refresh_token: scene.session.lastRefreshToken,
  enctoken: '',
  login_time: istText(scene.exchange.now),
  silo: '',
});

/** The profile with the fields of the user's own pages. Their values here are made up. */
function fullProfile({ scene }: RouteCall): KiteReply {
  return success({
    ...user(scene),
    twofa_type: 'totp',
    phone: '*0000',
    bank_accounts: [],
    dp_ids: [],
    pan: '*0000',
    tags: [],
    password_timestamp: '1970-01-01 00:00:00',
    twofa_timestamp: '1970-01-01 00:00:00',
    meta: { poa: dematConsent(scene), silo: '', account_blocks: [] },
  });
}

/** Ends the access token, or only the refresh token when that one is named. */
function logout({ request, scene }: RouteCall): KiteReply {
  if (request.query.has('refresh_token')) scene.session.endRefreshToken();
  else scene.session.expire();
  return success(true);
}

function oneSegment({ parts, scene }: RouteCall): KiteReply {
  const all = allFunds(scene);
  const [segment = ''] = parts;
  if (segment === 'equity' || segment === 'commodity') return success(all[segment]);
  throw new KiteError(400, 'InputException', 'Invalid `segment`.');
}

function allFunds(scene: Scene): Readonly<Record<'equity' | 'commodity', Row>> {
  const { account, desk } = scene.exchange;
  const { withheld: unexplained } = scene.misstatement;
  const live = desk.allLive();
  const { sold, withheld } = holdingSales(account);
  const realised = account.books().realisedPnl / 100;
  const net = (availableMargin(account, live) - unexplained) / 100;
  const opening = account.openingCash / 100;
  const flat = emptyFunds(false);
  return {
    equity: {
      ...flat,
      enabled: true,
      net,
      available: { ...flat.available, cash: opening, opening_balance: opening, live_balance: net },
      utilised: {
        ...flat.utilised,
        debits: (debits(account, live) + unexplained) / 100,
        m2m_realised: -realised,
        holding_sales: sold / 100,
        delivery: withheld / 100,
      },
    },
    commodity: flat,
  };
}

const emptyFunds = (
  enabled: boolean,
): { enabled: boolean; net: number; available: Row; utilised: Row } => ({
  enabled,
  net: 0,
  available: {
    adhoc_margin: 0,
    cash: 0,
    opening_balance: 0,
    live_balance: 0,
    collateral: 0,
    intraday_payin: 0,
  },
  utilised: {
    debits: 0,
    exposure: 0,
    m2m_realised: 0,
    m2m_unrealised: 0,
    option_premium: 0,
    payout: 0,
    span: 0,
    holding_sales: 0,
    turnover: 0,
    liquid_collateral: 0,
    stock_collateral: 0,
    delivery: 0,
  },
});
