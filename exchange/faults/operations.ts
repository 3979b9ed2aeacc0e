// The kind of a request, by which a fault names its victims.

export const operations = [
  'place',
  'modify',
  'cancel',
  'orders',
  'trades',
  'positions',
  'quote',
  'historical',
  'instruments',
  'other',
] as const;

export type Operation = (typeof operations)[number];

const writes: Readonly<Record<string, Operation>> = {
  POST: 'place',
  PUT: 'modify',
  DELETE: 'cancel',
};

const reads: readonly (readonly [string, Operation])[] = [
  ['/instruments/historical', 'historical'],
  ['/instruments', 'instruments'],
  ['/orders', 'orders'],
  ['/trades', 'trades'],
  ['/portfolio/positions', 'positions'],
  ['/quote', 'quote'],
];

/** Does it place, change or cancel an order? */
export const isOrderWrite = (operation: Operation): boolean =>
  operation === 'place' || operation === 'modify' || operation === 'cancel';

/** The operation of a method and path. */
export function operationOf(method: string, path: string): Operation {
  const write = path.startsWith('/orders/') ? writes[method] : undefined;
  return write ?? reads.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'other';
}
