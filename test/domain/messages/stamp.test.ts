// Goal: a message is taken once, under its own name, and only with a stamp of ours. Method: messages as they
// are sent, then each thing that somebody else could do to them.
import { refusedPayload } from '../../../domain/messages/refusedPayload';
import { stamp, unstamped } from '../../../domain/messages/stamp';

const fresh = (): boolean => false;

describe('stamps', () => {
  test('a message of ours is handed on without its stamp', () => {
    expect(unstamped('leave', [{ reason: 'operator' }, stamp('leave', 'a')], fresh)).toEqual({
      args: [{ reason: 'operator' }],
      id: 'a',
    });
    expect(unstamped('close', [stamp('close', 'b')], fresh)).toEqual({ args: [], id: 'b' });
  });

  test.each<[string, readonly unknown[], string]>([
    ['no arguments at all', [], 'it bears no stamp of ours'],
    ['null', [null], 'it bears no stamp of ours'],
    ['no stamp', [{ reason: 'operator' }], 'it bears no stamp of ours'],
    ['a stamp that is not last', [stamp('leave', 'a'), {}], 'it bears no stamp of ours'],
    ['a stamp without an id', [{ stampOf: 'leave', id: '' }], 'it bears no stamp of ours'],
    ['a stamp with an endless id', [stamp('leave', 'a'.repeat(65))], 'it bears no stamp of ours'],
    ['another message’s stamp', [{}, stamp('halt', 'a')], 'its stamp is for the message halt'],
    ['a payload that is not ours', [refusedPayload('it is not encrypted')], 'it is not encrypted'],
    [
      'a payload that is not ours beside a stamp',
      [refusedPayload('its key is not one of ours'), stamp('leave', 'a')],
      'its key is not one of ours',
    ],
  ])('%s: refused', (_, args, refused) => {
    expect(unstamped('leave', args, fresh)).toEqual({ refused });
  });

  test('sent a second time: refused', () => {
    expect(unstamped('leave', [{}, stamp('leave', 'a')], (id) => id === 'a')).toEqual({
      refused: 'its stamp has been used before',
    });
  });
});
