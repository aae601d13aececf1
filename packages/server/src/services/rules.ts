import { type AppId, asId, type ProjectId, type RecordId, type RuleId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem, invalid } from '../domain/problem.ts';
import type { Rule, RuleSubject } from '../domain/rule.ts';
import type { Random } from '../ports/random.ts';
import type { RuleFilter } from '../ports/store/push-store.ts';
import type { Store } from '../ports/store/store.ts';
import { checkAppFilter, owningApp } from './app-scope.ts';

export type { RuleFilter };

export interface CreateRule {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly subject: RuleSubject;
  readonly appType: 'GLOBAL' | 'APP';
  /** For APP; absent: the default application. */
  readonly appId: AppId | undefined;
  readonly select: string | undefined;
  readonly where: string | undefined;
}

export interface RuleChanges {
  readonly name?: string;
  readonly description?: string;
  /** Both or neither; empty ones clear. */
  readonly select?: string;
  readonly where?: string;
  readonly active?: boolean;
}

/** Which rule a call means. */
export interface RuleKey {
  readonly projectId: ProjectId;
  readonly ruleId: RuleId;
}

/** Push rules (v5 15.1). Unknown ones are ruleNotFound in every call that names one. */
export interface RuleService {
  /** Inactive until an update says otherwise. Problems: appNotFound, invalidInput (`subject`, `select`, `where`). */
  create(projectId: ProjectId, command: CreateRule): Promise<Rule>;
  /** Problems: appNotFound. */
  list(filter: RuleFilter, page: PageRequest): Promise<Page<Rule>>;
  get(key: RuleKey): Promise<Rule>;
  /** What is absent stays as it is. Problems: invalidInput (`select`, `where`). */
  update(key: RuleKey, changes: RuleChanges): Promise<Rule>;
  /** Its actions go with it. */
  delete(key: RuleKey): Promise<void>;
}

export interface RuleServiceParts {
  readonly store: Pick<Store, 'apps' | 'rules'>;
  readonly random: Random;
}

/** v5 15.5: what can be the subject of a rule. */
const knownSubjects = [
  'batchtask:update',
  'device:create',
  'device:update',
  'device:delete',
  'device.status:update',
  'device.property:report',
  'device.message:report',
  'device.message.status:update',
  'device.command.status:update',
  'product:create',
  'product:update',
  'product:delete',
];
/** What is delivered now. */
const deliveredSubjects = ['batchtask:update'];
const later = 'is not available in this version';

export function createRuleService(parts: RuleServiceParts): RuleService {
  const { store } = parts;
  const get = async ({ projectId, ruleId }: RuleKey): Promise<Rule> => {
    const rule = await store.rules.find(projectId, ruleId);
    if (rule === undefined) throw new Problem('ruleNotFound');
    return rule;
  };
  return {
    create: (projectId, command) => create(parts, projectId, command),
    list: async (filter, page) => {
      await checkAppFilter(store.apps, filter.projectId, filter.appId);
      return store.rules.list(filter, page);
    },
    get,
    update: (key, changes) => update(parts, key, changes),
    delete: ({ projectId, ruleId }) => store.rules.delete(projectId, ruleId),
  };
}

async function create({ store, random }: RuleServiceParts, projectId: ProjectId, command: CreateRule): Promise<Rule> {
  const { name, description, subject } = command;
  checkSubject(subject);
  refuseSql(command);
  const app =
    command.appType === 'APP' || command.appId !== undefined
      ? await owningApp(store.apps, projectId, command.appId)
      : undefined;
  const rule: Rule = {
    recordId: asId<RecordId>(random.orderedId()),
    ruleId: asId<RuleId>(random.uuid()),
    projectId,
    name,
    description,
    subject,
    // v5 15.1: GLOBAL is the whole project, whatever application is named beside it.
    appId: command.appType === 'APP' ? app?.appId : undefined,
    select: undefined,
    where: undefined,
    active: false,
  };
  await store.rules.insert(rule);
  return rule;
}

function checkSubject({ resource, event }: RuleSubject): void {
  const subject = `${resource}:${event}`;
  if (deliveredSubjects.includes(subject)) return;
  if (knownSubjects.includes(subject)) throw invalid('subject', `${subject} ${later}`);
  throw invalid('subject', `${subject} does not exist; known are ${knownSubjects.join(', ')}`);
}

async function update({ store }: RuleServiceParts, key: RuleKey, changes: RuleChanges): Promise<Rule> {
  const { select, where, ...rest } = changes;
  if ((select === undefined) !== (where === undefined)) {
    throw invalid(
      select === undefined ? 'select' : 'where',
      'must be given together with the other of select and where',
    );
  }
  refuseSql({ select, where });
  return store.rules.update(key.projectId, key.ruleId, rest);
}

/** A filter that is stored but not applied would push what its owner meant to keep. */
function refuseSql({ select, where }: Pick<CreateRule, 'select' | 'where'>): void {
  if (select !== undefined && select !== '') throw invalid('select', later);
  if (where !== undefined && where !== '') throw invalid('where', later);
}
