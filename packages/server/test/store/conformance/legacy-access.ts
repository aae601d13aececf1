import { describe, expect, it } from 'vitest';
import type { AppId } from '../../../src/domain/ids.ts';
import type { LegacyTokens } from '../../../src/domain/legacy-access.ts';
import { random } from '../../builders/chance.ts';
import { builtAt } from '../../builders/chance.ts';
import { expectProblem, type MakeStore, useStore } from './store-fixture.ts';

const options = { secretHash: 'right', single: false, tokensMax: 3 };
const hour = 3_600_000;

const pairFor = (appId: AppId, over: Partial<LegacyTokens> = {}): LegacyTokens => ({
  ...{ appId, accessHash: random.uuid(), refreshHash: random.uuid() },
  ...{ accessExpiresAt: builtAt + hour, refreshExpiresAt: builtAt + 24 * hour },
  ...over,
});

export function describeLegacyAccess(makeStore: MakeStore): void {
  describe('legacy access', () => {
    const fixture = useStore(makeStore);

    /** An application with a secret. */
    const signedUp = async () => {
      const { store, scope, other, given } = fixture();
      const { projectId, appId } = scope;
      await store.legacyAccess.setSecret(projectId, appId, 'right');
      const issue = async (over: Partial<LegacyTokens> = {}, how: Partial<typeof options> = {}) => {
        const pair = pairFor(appId, over);
        return { ...pair, issued: await store.legacyAccess.issue(pair, { ...options, ...how }) };
      };
      const isSignedIn = async ({ accessHash }: LegacyTokens, now = builtAt) =>
        (await store.legacyAccess.findCaller({ appId, hash: accessHash, now }))?.isSignedIn;
      const mayRefresh = ({ refreshHash }: LegacyTokens, now = builtAt) =>
        store.legacyAccess.isRefreshToken({ appId, hash: refreshHash, now });
      return {
        access: store.legacyAccess,
        store,
        given,
        scope,
        other,
        projectId,
        appId,
        issue,
        isSignedIn,
        mayRefresh,
      };
    };

    it('keeps one secret for each application, in its project alone', async () => {
      const { access, other, projectId, appId } = await signedUp();
      expect(await access.findSecret(appId)).toEqual({ appId, secretHash: 'right', frozen: false });
      await access.setSecret(projectId, appId, 'newer');
      expect(await access.findSecret(appId)).toEqual({ appId, secretHash: 'newer', frozen: false });
      expect(await access.findSecret(other.appId)).toBeUndefined();
      await expectProblem(access.setSecret(other.projectId, appId, 'x'), 'appNotFound');
      await expectProblem(access.revokeSecret(other.projectId, appId), 'appNotFound');
    });

    it('gives tokens to whoever has proven the secret that counts', async () => {
      const { access, projectId, appId, issue } = await signedUp();
      expect((await issue({}, { secretHash: 'wrong' })).issued).toBe(false);
      expect((await issue()).issued).toBe(true);
      await access.revokeSecret(projectId, appId);
      expect((await issue()).issued).toBe(false);
      await access.setSecret(projectId, appId, 'right');
      expect((await issue()).issued).toBe(true);
    });

    it('knows a token until it expires, as what it is and for its application alone', async () => {
      const { access, other, appId, issue, isSignedIn, mayRefresh } = await signedUp();
      const pair = await issue();
      expect([await isSignedIn(pair, builtAt + hour - 1), await isSignedIn(pair, builtAt + hour)]).toEqual([
        true,
        false,
      ]);
      expect([await mayRefresh(pair, builtAt + hour), await mayRefresh(pair, builtAt + 24 * hour)]).toEqual([
        true,
        false,
      ]);
      expect(await isSignedIn({ ...pair, accessHash: pair.refreshHash })).toBe(false);
      expect(await mayRefresh({ ...pair, refreshHash: pair.accessHash })).toBe(false);
      const foreign = await access.findCaller({ appId: other.appId, hash: pair.accessHash, now: builtAt });
      expect([foreign?.app.appId, foreign?.isSignedIn]).toEqual([other.appId, false]);
      expect(await access.findCaller({ appId: 'nobody' as AppId, hash: pair.accessHash, now: 0 })).toBeUndefined();
      expect(await access.isRefreshToken({ appId: other.appId, hash: pair.refreshHash, now: 0 })).toBe(false);
      expect((await access.findCaller({ appId, hash: '', now: 0 }))?.isSignedIn).toBe(false);
    });

    it('ends an access token alone, and all tokens with the secret', async () => {
      const { access, projectId, appId, issue, isSignedIn, mayRefresh } = await signedUp();
      const [first, second] = [await issue(), await issue()];
      await access.endAccessToken(first.accessHash);
      await access.endAccessToken(first.refreshHash);
      expect([await isSignedIn(first), await mayRefresh(first), await isSignedIn(second)]).toEqual([false, true, true]);
      await access.revokeSecret(projectId, appId);
      expect([await mayRefresh(first), await isSignedIn(second), await mayRefresh(second)]).toEqual([
        false,
        false,
        false,
      ]);
      expect((await access.findSecret(appId))?.frozen).toBe(true);
    });

    it('lets the oldest tokens give way, and with `single` every earlier access token', async () => {
      const { issue, isSignedIn, mayRefresh } = await signedUp();
      const pairs = [await issue(), await issue(), await issue(), await issue()];
      expect(await Promise.all(pairs.map((pair) => isSignedIn(pair)))).toEqual([false, true, true, true]);
      expect(await Promise.all(pairs.map((pair) => mayRefresh(pair)))).toEqual([false, true, true, true]);
      const last = await issue({}, { single: true });
      expect(await Promise.all([...pairs, last].map((pair) => isSignedIn(pair)))).toEqual([
        ...[false, false, false, false],
        true,
      ]);
      expect(await Promise.all([...pairs, last].map((pair) => mayRefresh(pair)))).toEqual([
        ...[false, false, true, true],
        true,
      ]);
    });

    it('takes expired tokens away, so many at a time', async () => {
      const { access, issue, mayRefresh } = await signedUp();
      const pair = await issue();
      await issue();
      expect([await access.purge(builtAt + hour, 1), await access.purge(builtAt + hour, 9)]).toEqual([1, 1]);
      expect(await access.purge(builtAt + hour, 9)).toBe(0);
      expect(await mayRefresh(pair)).toBe(true);
    });

    it('lets an application use the things of one that has granted it, and of itself', async () => {
      const { access, store, given, scope, other, projectId, appId } = await signedUp();
      const owner = await given.app(scope);
      const caller = await store.apps.find(projectId, appId);
      if (caller === undefined) throw new Error('The default application is missing.');
      const lets = async (ownerId: AppId) => (await access.findOwner(caller, ownerId))?.lets;
      expect([await lets(owner.appId), await lets(appId)]).toEqual([false, true]);
      const grant = { ownerId: owner.appId, callerId: appId };
      for (let times = 0; times < 2; times++) await access.grant(projectId, grant);
      expect(await access.findOwner(caller, owner.appId)).toEqual({ app: owner, lets: true });
      expect((await access.findOwner(owner, appId))?.lets).toBe(false);
      for (let times = 0; times < 2; times++) await access.withdrawGrant(projectId, grant);
      expect(await lets(owner.appId)).toBe(false);
      await expectProblem(access.grant(projectId, { ownerId: other.appId, callerId: appId }), 'appNotFound');
      await expectProblem(access.grant(projectId, { ownerId: appId, callerId: other.appId }), 'appNotFound');
      await expectProblem(access.withdrawGrant(projectId, { ownerId: other.appId, callerId: appId }), 'appNotFound');
      expect(await lets(other.appId)).toBeUndefined();
    });

    it('is gone with its application', async () => {
      const { store, given, scope } = fixture();
      const { legacyAccess: access, apps } = store;
      const [one, two] = [await given.app(scope), await given.app(scope)];
      await access.setSecret(scope.projectId, one.appId, 'right');
      const pair = pairFor(one.appId);
      await access.issue(pair, options);
      await access.grant(scope.projectId, { ownerId: one.appId, callerId: two.appId });
      await access.grant(scope.projectId, { ownerId: two.appId, callerId: one.appId });
      await apps.delete(scope.projectId, one.appId);
      expect(await access.findSecret(one.appId)).toBeUndefined();
      expect(await access.findCaller({ appId: one.appId, hash: pair.accessHash, now: builtAt })).toBeUndefined();
      expect(await access.isRefreshToken({ appId: one.appId, hash: pair.refreshHash, now: builtAt })).toBe(false);
    });
  });
}
