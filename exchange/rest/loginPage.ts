// The login as a browser sees it: the page of kite.zerodha.com, here on the exchange's own port. It asks for
// no password, since nothing here is worth one. Source: docs/kite.md, Login.
import { markup, noMarkup, pageStart, type Markup } from '../../domain/markup';
import { formLookup, isSet, oneOf, requiredText, type Lookup } from './params';
import type { KiteReply } from './request';
import type { Route, RouteCall } from './scene';

/** Where a login without a redirect address ends. */
const tokenPath = '/connect/token';

export const loginPageRoutes: readonly Route[] = [
  { method: 'GET', path: '/connect/login', isPublic: true, answer: loginPage },
  { method: 'POST', path: '/connect/login', isPublic: true, answer: grant },
  { method: 'GET', path: tokenPath, isPublic: true, answer: tokenPage },
];

/** The page with its button; `auto=1` presses it, so that a script needs no form. */
function loginPage(call: RouteCall): KiteReply {
  const lookup = parametersOf(call);
  if (isSet(lookup, 'auto')) return grant(call);
  const { session, profile } = call.scene;
  session.requireApp(appOf(lookup));
  return page(
    'Log in',
    markup`<p>App <code>${session.apiKey}</code> asks for a session of
user <code>${profile.userId}</code> at the paper exchange.</p>
<form method="post"><button>Log in</button></form>`,
  );
}

/** Sends the browser to the redirect address with a request token. */
function grant(call: RouteCall): KiteReply {
  const lookup = parametersOf(call);
  const { session, redirectUrl = tokenPath, hostNow } = call.scene;
  const parameters = new URLSearchParams({
    action: 'login',
    type: 'login',
    status: 'success',
    request_token: session.grant(appOf(lookup), hostNow()),
  });
  for (const [name, value] of new URLSearchParams(lookup('redirect_params') ?? '')) {
    parameters.append(name, value);
  }
  const location = `${redirectUrl}${redirectUrl.includes('?') ? '&' : '?'}${parameters.toString()}`;
  return { status: 302, contentType: 'text/plain', body: '', location };
}

function tokenPage({ request }: RouteCall): KiteReply {
  const token = requiredText(formLookup(request.query), 'request_token');
  return page('Logged in', markup`<p>The request token: <code>${token}</code></p>`);
}

function appOf(lookup: Lookup): string {
  oneOf(lookup, 'v', ['3'] as const);
  return requiredText(lookup, 'api_key');
}

/** The form posts to the page's own address, so the parameters may be in either. */
const parametersOf =
  ({ request }: RouteCall): Lookup =>
  (name) =>
    formLookup(request.form)(name) ?? formLookup(request.query)(name);

const page = (title: string, body: Markup): KiteReply => ({
  status: 200,
  contentType: 'text/html; charset=utf-8',
  body: markup`${pageStart(title, noMarkup)}<body>
<h1>${title}</h1>
${body}
</body></html>
`.text,
});
