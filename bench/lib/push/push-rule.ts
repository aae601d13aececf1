import { type ActionId, asId, type RecordId, type RuleId } from '../../../packages/server/src/domain/ids.ts';
import type { ActionChannel, RuleSubject } from '../../../packages/server/src/domain/rule.ts';
import type { Store } from '../../../packages/server/src/ports/store/store.ts';
import { createRealRandom } from '../../../packages/server/src/system/real-random.ts';
import { installation } from '../installation.ts';

const { projectId } = installation;
const random = createRealRandom(() => Date.now());
const recordId = (): RecordId => asId<RecordId>(random.orderedId());

/** An active rule for everything of the project, with an action that goes there. */
export async function addPushRule(store: Store, subject: RuleSubject, target: ActionChannel): Promise<RuleId> {
  const ruleId = asId<RuleId>(random.uuid());
  const words = { name: undefined, description: undefined, select: undefined, where: undefined };
  await store.rules.insert({
    ...{ recordId: recordId(), ruleId, projectId, appId: undefined, subject, active: true },
    ...words,
  });
  const actionId = asId<ActionId>(random.uuid());
  await store.rules.insertAction(
    { recordId: recordId(), actionId, ruleId, projectId, appId: undefined, target },
    Date.now(),
  );
  return ruleId;
}

export const removeRule = (store: Store, ruleId: RuleId): Promise<void> => store.rules.delete(projectId, ruleId);
