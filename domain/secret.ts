// A token, key or password while it is held. Whoever prints it, on purpose or with what it is a part of, prints that it
// is one; its value is there for who asks for it by name.
const shown = '[secret]';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value, to be handed at once to what needs it. */
  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  /** Node's own printing, of the console and of uncaught errors. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown;
  }
}
