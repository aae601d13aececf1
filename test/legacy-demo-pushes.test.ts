import { expect, it, onTestFinished } from 'vitest';
import { planFleet, planShares } from '../scripts/demo/fleet-plan.ts';
import { legacyPushSurprises } from '../scripts/demo/legacy-pushes.ts';
import { startLegacyReceiver } from '../scripts/demo/legacy-receiver.ts';

const operationId = '0123456789abcdef01234567';
const ids = { deviceId: 'press-1', operationId };

const step = (value: number) => ({ notifyType: 'fwUpgradeStateChangeNotify', ...ids, step: String(value) });
const result = (status: string, more = {}) => ({ notifyType: 'fwUpgradeResultNotify', ...ids, status, ...more });
const state = (resultCode: string) => ({
  deviceId: 'press-1',
  commandId: 'c',
  result: { resultCode, resultDetail: {} },
});

const upgraded = [step(1), step(2), step(3), step(0), result('SUCCESS')];
const commanded = [state('SENT'), state('SUCCESSFUL')];

/** What the demo says after these pushes of the only device, which is to succeed. */
async function surprisesAfter(notices: readonly object[], states: readonly object[]): Promise<readonly string[]> {
  const receiver = await startLegacyReceiver();
  onTestFinished(() => receiver.stop());
  const post = async (url: string, body: object): Promise<void> => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
  };
  for (const notice of notices) await post(receiver.noticesUrl, notice);
  for (const told of states) await post(receiver.commandsUrl, told);
  const shares = planShares({ failRate: 0, offlineRate: 0 });
  const plan = planFleet([{ deviceId: 'press-1', secret: 'secret' }], shares, 1);
  expect(plan.shareOf('press-1').upgrade).toEqual({});
  return legacyPushSurprises({ receiver, plan, operationId });
}

it('the legacy demo takes repeats and acknowledgements of what it expects', async () => {
  const repeated = upgraded.flatMap((notice) => [notice, notice]);
  expect(await surprisesAfter(repeated, [state('SENT'), state('DELIVERED'), state('SUCCESSFUL')])).toEqual([]);
});

it.each([
  ['no result', upgraded.slice(0, -1), commanded, "told '1230' of its upgrade"],
  ['two results', [...upgraded, result('SUCCESS', { upgradeTime: '9' })], commanded, "told '1230SUCCESSSUCCESS'"],
  ['another result', [...upgraded.slice(0, -1), result('FAIL')], commanded, "told '1230FAIL'"],
  ['steps in another order', [step(2), step(1), ...upgraded.slice(2)], commanded, "told '2130SUCCESS'"],
  [
    'another operation',
    upgraded.map((told) => ({ ...told, operationId: 'other' })),
    commanded,
    "told '' of its upgrade",
  ],
  ['a command without its end', upgraded, commanded.slice(0, 1), "told 'SENT' of its command"],
  ['a command with another end', upgraded, [state('SENT'), state('TIMEOUT')], "told 'SENT, TIMEOUT' of its command"],
])('the legacy demo names the device and what it was told: %s', async (_name, notices, states, told) => {
  const surprises = await surprisesAfter(notices, states);
  expect(surprises).toEqual([expect.stringContaining(`press-1 (succeed): ${told}`)]);
});
