// Configuration, secrets, commands and what is running.
import type { Refusal } from './refusal';

export const runningRefusals = {
  CONFIG_INVALID: {
    when: 'A configuration or a start option is wrong.',
    remedy: 'Correct the key the sentence names; `ratchet config check` repeats it.',
  },
  RISK_LIMITS: {
    when: 'Two limits of risk do not fit each other.',
    remedy: 'Change one of the two the sentence names.',
  },
  ENVIRONMENT: {
    when: 'A process lacks an environment variable.',
    remedy: 'Set it; docs/configuration.md has them all.',
  },
  NOT_FLAT: {
    when: 'Positions are held by workflows that this version cannot read.',
    remedy: 'Start the version that began them, close them there, then start this one.',
  },
  LEASE_HELD: {
    when: 'Another installation trades the account through the same database.',
    remedy: 'Stop it there; its lease ends by itself after 30 s.',
  },
  SECRET_MISSING: { when: 'A secret is not set.', remedy: 'Set the variable, or NAME_FILE.' },
  SECRET_EXPOSED: {
    when: 'The file of a secret can be read by others.',
    remedy: 'Make it readable by its owner only: chmod 600.',
  },
  SECRET_UNREADABLE: {
    when: 'The file of a secret cannot be read.',
    remedy: 'Correct the path, or who owns the file.',
  },
  WEBHOOK_SECRETS: {
    when: 'There are not as many webhook secrets as webhooks, or more than two of one.',
    remedy:
      'Give RATCHET_WEBHOOK_SECRETS one for each; two with a comma between while one is changed.',
  },
  WEBHOOK_SECRET_MISSING: { when: 'A webhook has no secret.', remedy: 'Give it one.' },
  WEBHOOK_SECRET_INVALID: {
    when: 'A webhook secret has a wrong form.',
    remedy: 'Write whsec_ and base64 of 24 to 64 bytes.',
  },
  WEBHOOK_TARGET_FORBIDDEN: {
    when: 'A webhook’s address is not allowed.',
    remedy: 'Use https and a public address.',
  },
  ALERT_ID_INVALID: {
    when: 'An alert’s id has characters that cannot be signed.',
    remedy: 'Report it.',
  },
  ALERT_TYPE_INVALID: {
    when: 'An alert’s type is not words with dots between.',
    remedy: 'Report it.',
  },
  ALERT_TIMESTAMP_INVALID: { when: 'An alert’s instant cannot be read.', remedy: 'Report it.' },
  ALERT_TOO_LARGE: { when: 'An alert is larger than is sent.', remedy: 'Report it.' },
  TELEGRAM_TOKEN: {
    when: 'The token of the Telegram bot has a wrong form.',
    remedy: 'Copy it from BotFather whole, digits, colon and all.',
  },
  SINCE_INVALID: {
    when: 'A start of a list of alerts cannot be read.',
    remedy: 'Write it as the sentence says.',
  },
  RESEND_WHAT: {
    when: 'It was not said which alerts to send again, or said twice.',
    remedy: 'Name one id, or give --failed.',
  },
  ALERT_UNKNOWN: {
    when: 'No alert has this id.',
    remedy: 'Look it up with `ratchet alerts list`.',
  },
  ALREADY_RUNNING: {
    when: 'A system is running in this checkout.',
    remedy: 'Use it, or stop it first.',
  },
  NOT_RUNNING: {
    when: 'No system is running, and the environment names none.',
    remedy: 'Start one with `ratchet up`.',
  },
  INTERRUPTED: {
    when: 'The run was interrupted; everything has been stopped.',
    remedy: 'Start it again.',
  },
  CHILD_ENDED: {
    when: 'A process of the system ended and may not be started again.',
    remedy: 'Read its log, which the sentence names.',
  },
  CHECKOUT_MISSING: {
    when: 'The program does not stand in a checkout.',
    remedy: 'Run it from one.',
  },
  WORLD: {
    when: 'A world’s state does not fit what is asked of it.',
    remedy: 'Do what the sentence says, or begin another world.',
  },
  SESSIONS: {
    when: 'Several sessions were asked for without a world.',
    remedy: 'Name one with --world.',
  },
  BOOKS_DIFFER: {
    when: 'Our ledger and the broker’s books differ.',
    remedy: 'Compare them; the sentence has the differences.',
  },
  KILL_SWITCH: {
    when: 'No path of the kill switch answered.',
    remedy: 'Leave the positions in the broker’s own terminal.',
  },
  RESUME: {
    when: 'Entries are to be allowed again without the code of their halt, or without a reason.',
    remedy: 'Run `ratchet resume`, read what it shows, and run the command that it names.',
  },
  TIME_INVALID: { when: 'A time of day cannot be read.', remedy: 'Write it like 10:25.' },
  NOT_ANALYSED: {
    when: 'The stock has not been analysed by then.',
    remedy: 'Ask `ratchet screen` whether the day watches it.',
  },
  NOT_SCREENED: {
    when: 'The day has not screened, or not this stock.',
    remedy: 'Wait for the screening, or check the symbol.',
  },
  DAY_SIZE: {
    when: 'The share of capital a day is started with is not one.',
    remedy: 'Give a number above 0 and at most 1.',
  },
  DAY_UNKNOWN: { when: 'No such day has been opened.', remedy: 'Check account and date.' },
  EXPORT_SPAN: {
    when: 'An export was asked for with its dates the wrong way round.',
    remedy: 'Give the earlier one to --from.',
  },
  EXPORT_NO_DAYS: {
    when: 'The records have no day in the span to export.',
    remedy: 'Choose among the days the sentence names, or another account.',
  },
  RECORDS_MISSING: {
    when: 'No system is running, and the account has no records of its own on this machine.',
    remedy: 'Start the system, or set DATABASE_URL.',
  },
  INTERRUPTED_SYSTEM: {
    when: 'Processes of a system whose supervisor was killed are still running.',
    remedy: 'Bring it up again with `ratchet up`, which takes them over.',
  },
  LOG_UNKNOWN: {
    when: 'There is no log of this process, or none at all.',
    remedy: 'Name one of those the sentence lists.',
  },
  SERVICE_ACCOUNT: {
    when: 'A service was asked for another account than the configuration’s.',
    remedy: 'Name the configuration of that account with --config.',
  },
  SERVICE_PATH: {
    when: 'A path of a service has a character its unit cannot hold.',
    remedy: 'Rename the folder or file.',
  },
  SERVICE_PLACE: {
    when: 'The unit of a service cannot be written or removed.',
    remedy: 'Do it as root, or install a unit of your own without --system.',
  },
  SERVICE_MISSING: {
    when: 'There is no unit of the account to remove.',
    remedy: 'Look with `ratchet service status`, also with --system.',
  },
  PARITY_NOT_RECORDED: {
    when: 'The day has no record of what it was judged by.',
    remedy: 'Nothing; it was traded before there were records.',
  },
} as const satisfies Record<string, Refusal>;
