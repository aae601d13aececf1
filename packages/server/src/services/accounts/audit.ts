import type { AuditEntry } from '../../domain/account.ts';
import { asId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { AccountParts } from './account-parts.ts';
import type { Caller } from '../caller.ts';
import { filteredPage } from './filtered-page.ts';

export type AuditSubject = 'user' | 'project' | 'access-key' | 'role';

/** Writes down that `caller` did `action` (an operation id) to one thing. Never a secret. */
export type Audit = (caller: Caller, action: string, subject: readonly [AuditSubject, string]) => Promise<void>;

export function createAudit({ accounts, clock, random }: AccountParts): Audit {
  return (caller, action, [kind, id]) =>
    accounts.audit({
      recordId: asId(random.orderedId()),
      at: clock.now(),
      // The name as it was, and the id by which it stays findable.
      actor: `${caller.userId}/${caller.userName}`,
      action,
      subject: `${kind}/${id}`,
    });
}

/** Newest first; `userId` keeps what that user did. */
export function listAudit(
  { accounts }: AccountParts,
  page: PageRequest,
  userId: string | undefined,
): Promise<Page<AuditEntry>> {
  if (userId === undefined) return accounts.listAudit(page);
  return filteredPage((part) => accounts.listAudit(part), {
    page,
    keep: ({ actor }) => actor.startsWith(`${userId}/`),
  });
}
