// Logging in, and trading with real money.
import type { Refusal } from './refusal';

export const liveRefusals = {
  MODE: {
    when: 'A process was started for another mode than the configuration’s, or with what belongs to another.',
    remedy: 'Start it with `ratchet up`, which sets what the mode needs.',
  },
  LIVE_NOT_ENABLED: {
    when: 'Live trading has not been enabled by hand for this account, user and limits.',
    remedy: 'Run `ratchet live enable` with the configuration.',
  },
  SESSION_FILE: {
    when: 'The stored session of the broker cannot be read.',
    remedy: 'Remove the file the sentence names, and run `ratchet login`.',
  },
  LOGIN_USER: {
    when: 'The login is of another user than the configuration names, or it names none.',
    remedy: 'Set kiteUser, and log in as that user.',
  },
  LOGIN_ANSWER: {
    when: 'No address was given that a login leads to.',
    remedy: 'Log in again, and paste the whole address.',
  },
  LOGIN_COMMAND: {
    when: 'The command that logs in is not configured, or did not end well.',
    remedy: 'Try it by hand with the login address, or log in without --run.',
  },
  LOGIN_PORT: {
    when: 'The port for the login’s redirect is taken.',
    remedy: 'Name another with --port, as in the app’s redirect URL, or use --paste.',
  },
  LOGIN_LATE: { when: 'Nobody has logged in in time.', remedy: 'Run `ratchet login` again.' },
} as const satisfies Record<string, Refusal>;
