import { expect, it } from 'vitest';
import { createOutcomeWriter } from '../../../src/push/http/outcome-writer.ts';
import { createLog } from '../../../src/system/log.ts';
import { usePushFixture } from './push-fixture.ts';

const fixture = usePushFixture();

/** A notification that was delivered, the writer that is told so, and how much of the outbox is left. */
async function written(isBusy: () => boolean) {
  const { given, scope, store, clock, action } = fixture();
  const { actionId } = await action({ url: 'http://127.0.0.1:1/' });
  await given.finishedTask(scope);
  const claimed = await store.outbox.claim(Date.now(), { limit: 100, leaseUntil: Date.now() + 60_000 });
  const item = claimed.find((each) => each.actionId === actionId);
  const writer = createOutcomeWriter({
    ...{ outbox: store.outbox, clock, log: createLog({ level: 'silent', format: 'json' }), gatherMs: 10 },
    canWait: isBusy,
    onWritten: () => undefined,
  });
  writer.write({ kind: 'delivered', no: item?.no ?? 0, actionId });
  const delivered = async (): Promise<number | undefined> => (await store.outbox.status(actionId))?.delivered;
  return { writer, delivered, clock };
}

it('what a receiver waits for is written soon', async () => {
  const { delivered, clock } = await written(() => false);
  await clock.advance(9);
  expect(await delivered()).toBe(0);
  await clock.advance(1);
  expect(await delivered()).toBe(1);
});

it('what nobody waits for is gathered for longer, until somebody does or it is long enough', async () => {
  let isBusy = true;
  const patient = await written(() => isBusy);
  await patient.clock.advance(49);
  expect(await patient.delivered()).toBe(0);
  await patient.clock.advance(1);
  expect(await patient.delivered()).toBe(1);
  const hurried = await written(() => isBusy);
  await hurried.clock.advance(25);
  isBusy = false;
  await hurried.clock.advance(5);
  expect(await hurried.delivered()).toBe(1);
});

it('what is gathered is written when the worker stops', async () => {
  const { writer, delivered } = await written(() => true);
  await writer.flush();
  expect(await delivered()).toBe(1);
});
