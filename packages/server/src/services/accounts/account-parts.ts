import type { Clock } from '../../ports/clock.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { Random } from '../../ports/random.ts';
import type { AccountStore } from '../../ports/store/account-store.ts';

/** What the use cases of administration work with. */
export interface AccountParts {
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: PasswordHasher;
}
