// Only our own processes speak to our workflows. What the codec marked as foreign, and what bears no stamp of
// ours, is refused here, before any handler sees it: a start fails, an update is rejected, a signal is dropped
// and counted. A request to cancel bears nothing that could be checked, and nothing of ours sends one, so it
// changes nothing. It is an entry point of the workflow bundle. Why and what remains: docs/security.md.
import {
  CancellationScope,
  defaultPayloadConverter,
  uuid4,
  type Headers,
  type UpdateInput,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import { whyAnyRefused } from '../domain/messages/refusedPayload';
import { stamp, unstamped, type OwnMessage } from '../domain/messages/stamp';
import { dropMessage } from './droppedMessages';
import { repeatableSignals } from './messages';

const refusal = (what: string, why: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`${what} was refused: ${why}`, 'MESSAGE_REFUSED');

const seenHeader = 'ratchet-stamps';

/** The stamps of the runs before this one. */
const stampsIn = (headers: Headers): readonly string[] => {
  const payload = headers[seenHeader];
  return payload === undefined ? [] : defaultPayloadConverter.fromPayload<string[]>(payload);
};

export const interceptors: WorkflowInterceptorsFactory = () => {
  const seen = new Set<string>();
  const isSeen = (id: string): boolean => seen.has(id);
  const ownUpdate = ({ name, args }: Pick<UpdateInput, 'name' | 'args'>): OwnMessage => {
    const message = unstamped(name, args, isSeen);
    if ('refused' in message) throw refusal(`the update ${name}`, message.refused);
    return message;
  };
  return {
    inbound: [
      {
        // Async, so that a refusal fails the workflow. Thrown at once it would fail its task for ever.
        async execute(input, next) {
          const why = whyAnyRefused(input.args);
          if (why !== undefined) throw refusal('this start', why);
          for (const id of stampsIn(input.headers)) seen.add(id);
          return await CancellationScope.nonCancellable(() => next(input));
        },
        async handleSignal(input, next) {
          const { signalName } = input;
          const message = unstamped(signalName, input.args, isSeen);
          if ('refused' in message) {
            dropMessage(signalName, message.refused);
            return;
          }
          if (!repeatableSignals.includes(signalName)) seen.add(message.id);
          await next({ ...input, args: [...message.args] });
        },
        validateUpdate(input, next) {
          next({ ...input, args: [...ownUpdate(input).args] });
        },
        async handleUpdate(input, next) {
          const { args, id } = ownUpdate(input);
          seen.add(id);
          return await next({ ...input, args: [...args] });
        },
      },
    ],
    outbound: [
      {
        async scheduleActivity(input, next) {
          const result = await next(input);
          const why = whyAnyRefused([result]);
          if (why !== undefined) throw refusal(`the result of ${input.activityType}`, why);
          return result;
        },
        signalWorkflow: (input, next) =>
          next({ ...input, args: [...input.args, stamp(input.signalName, uuid4())] }),
        continueAsNew: (input, next) =>
          next({
            ...input,
            headers: {
              ...input.headers,
              [seenHeader]: defaultPayloadConverter.toPayload([...seen]),
            },
          }),
      },
    ],
  };
};
