import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of this folder in a process of its own, so that what it costs is not the cost of what it is held against. */
export interface LoadProcess<Ask> extends AsyncDisposable {
  /** One at a time. Rejects with the reason where the program could not do it or has ended. */
  ask<Answer = undefined>(message: Ask): Promise<Answer>;
}

/** What comes back; `value` is absent where there is nothing to tell. */
type Reply = { readonly ok: true; readonly value?: unknown } | { readonly ok: false; readonly reason: string };

export function startLoadProcess<Ask extends object>(program: URL): LoadProcess<Ask> {
  const child = fork(program);
  return {
    async ask<Answer>(message: Ask) {
      child.send(message);
      const reply = await nextReply(child);
      if (!reply.ok) throw new Error(reply.reason);
      // Both ends of the pipe are in this folder.
      return reply.value as Answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

function nextReply(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      child.off('message', onMessage);
      reject(new Error(`A load process ended with ${code}.`));
    };
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(message as Reply);
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}

/** The other end: obeys what the parent asks, and ends with it, however that ends. */
export function obeyParent<Ask>(obey: (message: Ask) => Promise<unknown>): void {
  const reply = (answer: Reply): void => {
    process.send?.(answer);
  };
  process.on('disconnect', () => process.exit());
  process.on('message', (message: Ask) => {
    obey(message).then(
      (value) => reply({ ok: true, value }),
      (error: unknown) => reply({ ok: false, reason: String(error) }),
    );
  });
}
