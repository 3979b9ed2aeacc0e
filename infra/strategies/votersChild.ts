// The process in which a worker's strategies run (entry point): what hangs or takes all memory there takes nothing else.
import type { ChildMessage, ChildQuestion, ChildStart } from './childMessages';
import { SandboxedVoters } from './sandboxedVoters';

const tell = (message: ChildMessage): void => void process.send?.(message);
let voters: SandboxedVoters | null = null;

process.on('message', (message: ChildStart | ChildQuestion) => {
  if ('loaded' in message) {
    const { loaded, maxMs } = message;
    voters = new SandboxedVoters(loaded, {
      maxMs,
      asking: (name) => tell({ kind: 'asking', name }),
    });
    return;
  }
  const { id, views } = message;
  void voters?.votes(views).then((votes) => tell({ kind: 'votes', id, votes }));
});
// Its owner is gone.
process.on('disconnect', () => process.exit());
