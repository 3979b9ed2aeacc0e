// The model server and what asks it. It answers each over HTTP, see docs/serving.md.
import type { Refusal } from './refusal';

export const modelRefusals = {
  REQUEST_MALFORMED: { when: 'A request cannot be read.', remedy: 'Correct the request.' },
  INPUT_INVALID: {
    when: 'An input does not fit the model’s contract.',
    remedy: 'Correct the input the sentence names.',
  },
  VERSION_NOT_READY: { when: 'The version is not ready.', remedy: 'Wait, or ask for another.' },
  TOKEN_MISSING: { when: 'The route needs a token.', remedy: 'Send it as Authorization: Bearer.' },
  TOKEN_REFUSED: {
    when: 'The token does not allow the route.',
    remedy: 'Use the token of the scope that the sentence names.',
  },
  ROUTE_WITHOUT_SCOPE: {
    when: 'A route of the server has no row in the table of scopes.',
    remedy: 'Add it to serving/http/scopes.ts.',
  },
  HOST_FOREIGN: {
    when: 'A request asks for another server’s name.',
    remedy: 'Ask for an address of the server, or start it with --name.',
  },
  ORIGIN_FOREIGN: {
    when: 'A page of another site sent a request.',
    remedy: 'Nothing; pages of other sites may not.',
  },
  MODEL_UNKNOWN: { when: 'There is no such model or version.', remedy: 'Check the name.' },
  PATH_UNKNOWN: { when: 'There is nothing at the path.', remedy: 'Check the path.' },
  METHOD_NOT_ALLOWED: { when: 'The path does not take the method.', remedy: 'Use another method.' },
  REQUEST_TIMEOUT: { when: 'The request did not arrive in time.', remedy: 'Send it again.' },
  STATE_CONFLICT: {
    when: 'The server’s state does not allow the change.',
    remedy: 'Look at its status first.',
  },
  BODY_TOO_LARGE: { when: 'The body is larger than allowed.', remedy: 'Send less at once.' },
  ENCODING_UNSUPPORTED: {
    when: 'The body has an encoding the server does not know.',
    remedy: 'Send it plain, as gzip or as deflate.',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    when: 'The body is declared to be of a type the route does not take.',
    remedy: 'Declare the type that the sentence names, or none.',
  },
  MODEL_REFUSED: {
    when: 'A model’s file or contract is not accepted.',
    remedy: 'Correct what the sentence names and push again.',
  },
  RATE_LIMITED: { when: 'Too many requests have come.', remedy: 'Wait as Retry-After says.' },
  OUTPUT_INVALID: {
    when: 'A model’s answer breaks its contract.',
    remedy: 'Nothing at once; the version may leave the rotation.',
  },
  SCORING_FAILED: { when: 'The model failed on the input.', remedy: 'Look at the server’s log.' },
  UNEXPECTED: {
    when: 'The server failed in a way nobody foresaw.',
    remedy: 'Look at the server’s log and report it.',
  },
  MODEL_UNAVAILABLE: { when: 'The version is out of service.', remedy: 'Wait, or roll back.' },
  QUEUE_FULL: { when: 'The model’s queue is full.', remedy: 'Wait as Retry-After says.' },
  SCORER_DIED: { when: 'The process that scored died.', remedy: 'Send it again.' },
  DEADLINE_EXCEEDED: {
    when: 'The model did not answer in time.',
    remedy: 'Send it again, or allow more time.',
  },
  ROLLOUT_SAME_VERSION: {
    when: 'A rollout’s candidate is the stable version.',
    remedy: 'Choose another candidate.',
  },
  ROLLOUT_STATE_CONFLICT: {
    when: 'The rollout’s phase does not allow the step.',
    remedy: 'Look at its status first.',
  },
  ROLLOUT_POLICY_INVALID: {
    when: 'A rollout’s policy has a wrong value.',
    remedy: 'Correct the value the sentence names.',
  },
  MODEL_SERVER_REFUSED: {
    when: 'The model server refused what the worker asked.',
    remedy: 'Read the sentence: it is the server’s.',
  },
  SERVER_UNREACHABLE: {
    when: 'The model server does not answer.',
    remedy: 'Start it, or check its address.',
  },
  SERVER_REFUSED: {
    when: 'The model server refused the command.',
    remedy: 'Read the sentence: it is the server’s.',
  },
  ADDRESS_UNUSABLE: {
    when: 'The server’s address is in use or not allowed.',
    remedy: 'Choose another port or host.',
  },
  JOURNAL_BROKEN: {
    when: 'The server’s journal of changes cannot be read.',
    remedy: 'Restore it, or begin with an empty state folder.',
  },
  RECORD_UNREADABLE: {
    when: 'A recorded change cannot be read.',
    remedy: 'Upgrade the server that is older, or restore the record.',
  },
} as const satisfies Record<string, Refusal>;
