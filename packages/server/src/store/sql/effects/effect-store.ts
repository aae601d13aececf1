import type { EffectStore } from '../../../ports/store/message-store.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { applyEffects } from './apply-effects.ts';

export function createEffectStore(runner: Runner, ctx: SqlContext): EffectStore {
  return { apply: (projectId, effects) => runner.write(() => applyEffects(ctx, projectId, effects)) };
}
