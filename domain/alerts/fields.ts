// What stands in the bodies of alerts: one meaning a name, whichever alert it is in.

interface Field {
  readonly kind: 'text' | 'number' | 'flag';
  readonly sentence: string;
}

export const alertFields = {
  approved: { kind: 'number', sentence: 'Shares that risk has approved.' },
  attempts: { kind: 'number', sentence: 'How often the workflow’s task has failed.' },
  bar: { kind: 'number', sentence: 'End of the bar, epoch milliseconds of the market’s clock.' },
  brokerSaid: { kind: 'text', sentence: 'The broker’s own words.' },
  brokers: { kind: 'text', sentence: 'The broker’s number, in rupees.' },
  byBroker: { kind: 'flag', sentence: 'The broker’s own square-off did it.' },
  candidate: { kind: 'text', sentence: 'Version on trial.' },
  channel: { kind: 'text', sentence: 'Where alerts go: the receiver’s host, or a chat.' },
  charges: { kind: 'text', sentence: 'Charges, in rupees.' },
  checks: { kind: 'text', sentence: 'Names of the checks that fail.' },
  covered: { kind: 'number', sentence: 'Shares a live exit order covers.' },
  date: { kind: 'text', sentence: 'Date of the session.' },
  direction: { kind: 'text', sentence: 'LONG or SHORT.' },
  ends: { kind: 'text', sentence: 'Last date the list of holidays covers.' },
  entry: { kind: 'text', sentence: 'Average entry price, in rupees.' },
  exit: { kind: 'text', sentence: 'Average exit price, in rupees.' },
  findings: { kind: 'number', sentence: 'Differences between our records and the broker’s books.' },
  from: {
    kind: 'number',
    sentence: 'Start of the first minute, epoch milliseconds of the market’s clock.',
  },
  held: { kind: 'number', sentence: 'Shares held.' },
  installation: { kind: 'text', sentence: 'The other installation, as its orders’ tags name it.' },
  intentId: { kind: 'text', sentence: 'The position’s id, which is its orders’ tag.' },
  kind: { kind: 'text', sentence: 'What the comparison with the broker’s books found.' },
  login: { kind: 'text', sentence: 'Where to log in.' },
  model: { kind: 'text', sentence: 'Name of the model.' },
  order: {
    kind: 'text',
    sentence: 'The broker’s id of the order, or its tag where none was answered.',
  },
  orderId: { kind: 'text', sentence: 'The broker’s id of the order.' },
  ordered: {
    kind: 'number',
    sentence:
      'Shares that orders under the position’s tag have bought or sold to open it, or may still.',
  },
  orders: { kind: 'number', sentence: 'Executed orders of the day.' },
  ours: { kind: 'text', sentence: 'Our number, in rupees.' },
  pnlAfterCharges: { kind: 'text', sentence: 'Profit or loss after charges, in rupees.' },
  positions: { kind: 'text', sentence: 'Ids of the positions’ workflows.' },
  price: { kind: 'text', sentence: 'Average price, in rupees.' },
  process: { kind: 'text', sentence: 'Name of the process.' },
  protected: { kind: 'flag', sentence: 'A trigger rests at the broker.' },
  quantity: { kind: 'number', sentence: 'Shares.' },
  reason: { kind: 'text', sentence: 'Why, in the operator’s words.' },
  refusals: { kind: 'number', sentence: 'How often the broker has refused.' },
  seconds: { kind: 'number', sentence: 'For how many seconds.' },
  since: { kind: 'number', sentence: 'Since when, epoch milliseconds of the market’s clock.' },
  source: { kind: 'text', sentence: 'Name of the news source.' },
  stable: { kind: 'text', sentence: 'Version in use.' },
  stocks: { kind: 'number', sentence: 'How many stocks are watched, or are concerned.' },
  strategy: { kind: 'text', sentence: 'Name of the strategy.' },
  stop: { kind: 'text', sentence: 'Stop price, in rupees, or none.' },
  surplus: { kind: 'number', sentence: 'Shares traded beyond the position.' },
  tag: { kind: 'text', sentence: 'Tag of the order.' },
  target: { kind: 'text', sentence: 'Target price, in rupees, or none.' },
  timesInARow: { kind: 'number', sentence: 'Failures in a row.' },
  to: {
    kind: 'number',
    sentence: 'End of the last minute, epoch milliseconds of the market’s clock.',
  },
  toBeLeft: { kind: 'text', sentence: 'Why it is to be left, where it is.' },
  trades: { kind: 'number', sentence: 'Trades of the day.' },
  tradingsymbol: { kind: 'text', sentence: 'The stock.' },
  version: { kind: 'text', sentence: 'Version of the model.' },
  wanted: { kind: 'text', sentence: 'Stop price that is wanted, in rupees.' },
  why: { kind: 'text', sentence: 'Why, in words.' },
  workflow: { kind: 'text', sentence: 'Id of the workflow.' },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof alertFields;

interface Kinds {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
}
export type FieldValue<Name extends FieldName> = Kinds[(typeof alertFields)[Name]['kind']];
