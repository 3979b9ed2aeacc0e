// What code in a sandbox may not read, because the same view must give the same answer everywhere. Reading it throws
// one sentence that names it. Runs inside the sandbox, before any code of the user's.

const onlyClock = (name: string): string =>
  `it reads the clock (${name}), but a strategy knows the time only from bar.barAt and minutesSinceOpen`;
const onlyChance = (name: string): string =>
  `it reads chance (${name}), but the same view must give the same answer`;
const onlyHere = (name: string): string => `it reaches outside its sandbox (${name})`;
const onlyAtOnce = (name: string): string =>
  `it puts something off (${name}), but a strategy answers at once`;
const onlyPlain = (name: string): string =>
  `it reads the machine's language (${name}), which is another elsewhere; write with toFixed`;

const globals: Readonly<Record<string, (name: string) => string>> = {
  ...each(['Date', 'performance', 'Temporal'], onlyClock),
  ...each(['crypto'], onlyChance),
  ...each(['Promise'], onlyAtOnce),
  ...each(['Intl'], onlyPlain),
  ...each(
    [
      ...['process', 'Buffer', 'fetch', 'console', 'queueMicrotask', 'structuredClone'],
      ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval'],
      ...['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry'],
    ],
    onlyHere,
  ),
};

function each(
  names: readonly string[],
  words: (name: string) => string,
): Record<string, (name: string) => string> {
  return Object.fromEntries(names.map((name) => [name, words]));
}

const throwing = (sentence: string): PropertyDescriptor => ({
  get: () => {
    throw new Error(sentence);
  },
  enumerable: false,
  configurable: false,
});

const localeNames = (prototype: object): readonly string[] =>
  Object.getOwnPropertyNames(prototype).filter((name) => /locale/i.test(name));

export function denyOutside(): void {
  for (const [name, words] of Object.entries(globals))
    Object.defineProperty(globalThis, name, throwing(words(name)));
  // Of later versions of the language; it makes a promise by itself.
  Object.defineProperty(Array, 'fromAsync', throwing(onlyAtOnce('Array.fromAsync')));
  Object.defineProperty(Math, 'random', throwing(onlyChance('Math.random')));
  // Frames of an error are told as text only.
  Object.defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: false });
  for (const prototype of [
    ...[Number.prototype, String.prototype, Array.prototype, BigInt.prototype, Object.prototype],
    Object.getPrototypeOf(Int8Array.prototype) as object,
  ])
    for (const name of localeNames(prototype))
      Object.defineProperty(prototype, name, throwing(onlyPlain(name)));
}
