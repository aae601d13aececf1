import { objectOf } from '../columns.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { Verdict } from '../../../domain/verdict.ts';
import type { SecretBox } from '../../../ports/secret-box.ts';

/** No output has a member of this name: types name theirs as the contract does. */
const sealedMember = '$sealed';

/** Secrets lie in the output, sealed. */
export function sealSecrets(verdict: Verdict, box: SecretBox): Verdict {
  if (verdict.kind !== 'done' || verdict.secrets === undefined) return verdict;
  const sealed = box.seal(JSON.stringify(verdict.secrets));
  return { ...verdict, output: { ...verdict.output, [sealedMember]: sealed } };
}

export function openSecrets(
  stored: JsonObject | undefined,
  box: SecretBox,
): { readonly output: JsonObject | undefined; readonly secrets: JsonObject | undefined } {
  if (stored === undefined) return { output: undefined, secrets: undefined };
  const { [sealedMember]: sealed, ...output } = stored;
  return { output, secrets: typeof sealed === 'string' ? objectOf(box.open(sealed)) : undefined };
}
