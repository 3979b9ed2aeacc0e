// The thread in which a worker's strategies run (entry point): what hangs or takes all memory there takes nothing else.
import { parentPort, workerData } from 'node:worker_threads';
import { SandboxedVoters } from './sandboxedVoters';
import type { ThreadMessage, ThreadQuestion, ThreadStart } from './threadMessages';

const { loaded, maxMs } = workerData as ThreadStart;
const port = parentPort;
const tell = (message: ThreadMessage): void => port?.postMessage(message);
const voters = new SandboxedVoters(loaded, {
  maxMs,
  asking: (name) => tell({ kind: 'asking', name }),
});

port?.on('message', ({ id, views }: ThreadQuestion) => {
  void voters.votes(views).then((votes) => tell({ kind: 'votes', id, votes }));
});
