// Goal: only a definitive no counts as rejected; everything that may have happened is in doubt.
import { sendFailure } from '../../../broker/kite/outcome';

test.each([
  [{ error_type: 'InputException', message: 'Invalid quantity' }, 'rejected'],
  [{ error_type: 'MarginException', message: 'Insufficient funds.' }, 'rejected'],
  [
    { error_type: 'TokenException', message: 'Incorrect `api_key` or `access_token`.' },
    'turnedAway',
  ],
  [{ error_type: 'NetworkException', message: 'Too many requests' }, 'turnedAway'],
  [
    {
      error_type: 'NetworkException',
      message: 'No response from server with error code: ECONNREFUSED',
    },
    'turnedAway',
  ],
  [
    {
      error_type: 'NetworkException',
      message: 'No response from server with error code: ECONNABORTED',
    },
    'inDoubt',
  ],
  [{ error_type: 'GeneralException', message: 'Something went wrong' }, 'inDoubt'],
  [{ error_type: 'DataException', message: 'Unknown content type' }, 'inDoubt'],
  [
    {
      error_type: 'OrderException',
      message:
        'Order request timed out. Please check the order book and confirm before placing again.',
    },
    'inDoubt',
  ],
  [
    { error_type: 'OrderException', message: 'Order cannot be modified as it is being processed.' },
    'inDoubt',
  ],
  [new Error('socket hang up'), 'inDoubt'],
  ['<html>', 'inDoubt'],
])('broker: %j means %s', (error, kind) => {
  expect(sendFailure(error).kind).toBe(kind);
});

test.each(['PermissionException', 'GeneralException', 'NetworkException'])(
  'broker: a refused address is a definitive no, told apart by its words, as a %s',
  (error_type) => {
    for (const message of [
      'IP (10.1.2.3) is not allowed to place orders for this app. Update allowed IPs on the Kite developer console.',
      'No IPs configured for this app. Add allowed IPs on the Kite developer console.',
    ])
      expect(sendFailure({ error_type, message })).toEqual({
        kind: 'rejected',
        code: error_type,
        message,
        because: 'address',
      });
  },
);

test('broker: another lack of permission is not about the address', () => {
  const failure = { error_type: 'PermissionException', message: 'Segment is not enabled' };
  expect(sendFailure(failure)).toEqual({
    kind: 'rejected',
    code: 'PermissionException',
    message: 'Segment is not enabled',
  });
});
