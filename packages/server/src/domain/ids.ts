declare const brand: unique symbol;
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

export type ProjectId = Branded<'ProjectId'>;
export type UserId = Branded<'UserId'>;
/** 32 lower hex. */
export type AppId = Branded<'AppId'>;
/** `[A-Za-z0-9_-]{1,36}`; 24 lower hex when generated. */
export type ProductId = Branded<'ProductId'>;
/** `[A-Za-z0-9_-]{1,128}`, unique in the installation: a device signs in with nothing else (v5 6). */
export type DeviceId = Branded<'DeviceId'>;
export type GroupId = Branded<'GroupId'>;
/** 24 lower hex, time-ordered. */
export type PackageId = Branded<'PackageId'>;
/** 24 lower hex, time-ordered. */
export type ModuleId = Branded<'ModuleId'>;
export type BatchFileId = Branded<'BatchFileId'>;
export type PackageFileId = Branded<'PackageFileId'>;
/** 24 lower hex, time-ordered. */
export type TaskId = Branded<'TaskId'>;
/** 24 lower hex, time-ordered. */
export type ExportId = Branded<'ExportId'>;
/** A UUID: of an asynchronous command, and the request id under which its device sees it. */
export type CommandId = Branded<'CommandId'>;
export type MessageId = Branded<'MessageId'>;
export type RuleId = Branded<'RuleId'>;
export type ActionId = Branded<'ActionId'>;
export type PolicyId = Branded<'PolicyId'>;
export type QueueId = Branded<'QueueId'>;
/** 24 lower hex, time-ordered: what every list is ordered and paged by, whatever the public id (v5 1, Paging). */
export type RecordId = Branded<'RecordId'>;

/** The one place where a checked or generated text becomes an id. */
export function asId<Id extends Branded<string>>(text: string): Id {
  return text as Id;
}
