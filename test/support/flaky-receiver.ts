import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface TaskEvent {
  readonly request_id: string;
  readonly notify_data: { readonly body: { readonly task_id: string; readonly status: string } };
}

/** Drawn anew from a number, always the same row of fractions for the same seed. */
function createDraws(seed: number): () => number {
  let state = seed;
  return () => {
    // A linear congruential generator: any will do.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const lateMs = 1500;

/** A receiver on this machine that fails three times in ten, answers late one time in ten, and is down when it is told. */
export async function startFlakyReceiver(seed: number) {
  const draw = createDraws(seed);
  const taken: TaskEvent[] = [];
  const seen: TaskEvent[] = [];
  const late = new Set<NodeJS.Timeout>();
  let isDown = false;
  const answer = (event: TaskEvent, response: ServerResponse): void => {
    seen.push(event);
    const luck = draw();
    if (isDown) response.socket?.resetAndDestroy();
    else if (luck < 0.2) response.writeHead(503).end();
    else if (luck < 0.3) response.socket?.resetAndDestroy();
    else {
      taken.push(event);
      if (luck > 0.4) response.end();
      else {
        const timer = setTimeout(() => {
          late.delete(timer);
          response.end();
        }, lateMs);
        late.add(timer);
      }
    }
  };
  const server = createServer((request, response) => {
    json(request).then(
      (event) => answer(event as TaskEvent, response),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const timer of late) clearTimeout(timer);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    /** What was answered 2xx, or was about to be. */
    taken,
    /** Every post, failed ones included. */
    seen,
    setDown: (down: boolean): void => {
      isDown = down;
    },
  };
}
