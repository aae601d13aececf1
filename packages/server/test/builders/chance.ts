import { asId, type RecordId } from '../../src/domain/ids.ts';
import { createRealRandom } from '../../src/system/real-random.ts';
import { createSecretBox } from '../../src/system/secret-box.ts';

/** When everything that a builder makes was made, unless it is told otherwise: the moment of the contract's golden vectors. */
export const builtAt = Date.UTC(2026, 10, 22, 1, 55, 13);

/** Real chance with a clock that stands still: ordered ids rise in the order of building. */
export const random = createRealRandom(() => builtAt);

export const box = createSecretBox(new Uint8Array(32).fill(7), 'stored-secrets');

export const recordId = (): RecordId => asId<RecordId>(random.orderedId());

let counted = 0;
/** A name that nothing else has. */
export const uniqueName = (prefix: string): string => `${prefix}-${++counted}`;
