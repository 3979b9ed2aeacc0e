"""Tokens, profile, login and logout."""

from bench import KEY, ROOT, SECRET, check, equal, includes, kite, play, raises, request_token
from kiteconnect import KiteConnect, exceptions


def tokens():
    play(10_000)
    includes("profile", kite.profile(), user_id="PX0001", broker="ZERODHA", exchanges=["NSE"])
    wrong = KiteConnect(api_key=KEY, access_token="wrong", root=ROOT)
    raises("a wrong token", exceptions.TokenException, 403, wrong.profile, "Incorrect `api_key` or `access_token`.")
    expired = []
    wrong.set_session_expiry_hook(lambda: expired.append(True))
    try:
        wrong.orders()
    except exceptions.TokenException:
        pass
    equal("the session expiry hook", expired, [True])


def login():
    fresh = KiteConnect(api_key=KEY, root=ROOT)
    raises("a wrong secret", exceptions.TokenException, 403,
           lambda: fresh.generate_session("request", api_secret="no"), "Invalid `checksum`.")
    raises("a request token that was never given", exceptions.TokenException, 403,
           lambda: fresh.generate_session("request", api_secret=SECRET), "Token is invalid or has expired.")
    made = fresh.generate_session(request_token(), api_secret=SECRET)
    check("login", len(made["access_token"]) == 32 and made["login_time"].year == 2026, made)
    fresh.set_access_token(made["access_token"])
    equal("the new token", fresh.profile()["user_id"], "PX0001")
    raises("a login ends the old token", exceptions.TokenException, 403, kite.profile)
    renewed = fresh.renew_access_token(made["refresh_token"], SECRET)
    fresh.set_access_token(renewed["access_token"])
    equal("renewal", fresh.profile()["user_id"], "PX0001")
    check("ending the refresh token", fresh.invalidate_refresh_token(renewed["refresh_token"]) is True)
    check("logout", fresh.invalidate_access_token() is True)
    raises("after the logout", exceptions.TokenException, 403, fresh.profile)
