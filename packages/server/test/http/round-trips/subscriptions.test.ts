import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startLegacyApi } from '../legacy/legacy-api.ts';
import { word } from './stored-tasks.ts';

const path = '/iocm/app/sub/v1.2.0/subscriptions';

it('A subscription is shown with the URL that was sent in either spelling, and is found by it', async () => {
  const { client } = await startLegacyApi();
  const asked = fc.record({
    notifyType: fc.constantFrom('deviceAdded', 'deviceDataChanged', 'fwUpgradeResultNotify'),
    url: word.map((name) => `https://muster.test/${encodeURIComponent(name)}?a=1`),
    spelling: fc.constantFrom('callbackUrl', 'callbackurl'),
  });
  const property = fc.asyncProperty(asked, async ({ notifyType, url, spelling }) => {
    const made = await client.ask('POST', path, { body: { notifyType, [spelling]: url } });
    const { subscriptionId } = made.json as { subscriptionId: string };
    const shown = { subscriptionId, notifyType, callbackUrl: url, callbackurl: url, clientIds: null };
    expect([made.status, made.json]).toEqual([201, shown]);
    expect((await client.ask('GET', `${path}/${subscriptionId}`)).json).toEqual(shown);
    const query = `notifyType=${notifyType.toUpperCase()}`;
    expect((await client.ask('GET', `${path}?${query}`)).json).toMatchObject({ subscriptions: [shown] });
    const only = `notifyType=${notifyType}&callbackUrl=${encodeURIComponent(url)}`;
    expect((await client.ask('DELETE', `${path}?${only}`)).status).toBe(204);
    expect((await client.ask('GET', `${path}/${subscriptionId}`)).status).toBe(404);
  });
  await fc.assert(property, { numRuns: 40 });
});
