// Goal: as root Postgres runs as an account for databases, one of our own where the machine has none, and never as an
// account that others use; where none can be made, a sentence says so. Method: accounts of a made-up machine.
import { databaseAccount, type Accounts } from '../../../infra/postgres/systemAccount';

const machine = (having: Record<string, number>, canMake = true): Accounts => ({
  find: (name) =>
    Promise.resolve(
      having[name] === undefined ? undefined : { uid: having[name], gid: having[name] },
    ),
  make: (name) => {
    if (!canMake) return Promise.reject(new Error('no useradd'));
    having[name] = 900;
    return Promise.resolve();
  },
});

test('not as root it is whoever we are', async () => {
  expect(await databaseAccount(machine({ postgres: 1 }), false)).toEqual({});
});

test('postgres is taken where there is one', async () => {
  expect(await databaseAccount(machine({ postgres: 101, nobody: 65534 }), true)).toEqual({
    uid: 101,
    gid: 101,
  });
});

test('else an account of our own is made, once', async () => {
  const accounts = { nobody: 65534 };
  const made = { uid: 900, gid: 900 };
  expect(await databaseAccount(machine(accounts), true)).toEqual(made);
  expect(await databaseAccount(machine(accounts, false), true)).toEqual(made);
});

test('where none can be made nothing starts, though there is an account nobody', async () => {
  await expect(databaseAccount(machine({ nobody: 65534 }, false), true)).rejects.toThrow(
    'the account "ratchet-postgres" cannot be made here: make it, or set DATABASE_URL',
  );
});
