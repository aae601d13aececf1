import type { Project } from '../../domain/account.ts';
import { type ProjectId, asId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import type { Caller } from '../caller.ts';
import type { AccountParts } from './account-parts.ts';
import type { Audit } from './audit.ts';
import { filteredPage } from './filtered-page.ts';
import { defaultApp, hexId } from './new-ids.ts';

/** Unknown ids are accountNotFound (404), taken names invalidInput. */
export interface Projects {
  /** With its default application. The caller becomes its admin, or nobody could use it. */
  create(caller: Caller, name: string): Promise<Project>;
  get(projectId: string): Promise<Project>;
  list(page: PageRequest, name: string | undefined): Promise<Page<Project>>;
  rename(caller: Caller, projectId: string, name: string): Promise<Project>;
  /** Refused while it owns products, devices or tasks. */
  delete(caller: Caller, projectId: string): Promise<void>;
  /** v5 2.1, GET /v3/projects: those in which the caller has a role; `name` exact. */
  listOwn(caller: Caller, name: string | undefined): Promise<readonly Project[]>;
}

export function createProjects({ accounts, clock, random }: AccountParts, audit: Audit): Projects {
  const get = async (projectId: string): Promise<Project> => {
    const project = await accounts.findProject(asId<ProjectId>(projectId));
    if (project === undefined) throw new Problem('accountNotFound', { args: ['project'] });
    return project;
  };
  return {
    get,
    create: async (caller, name) => {
      const createdAt = clock.now();
      const projectId = hexId<ProjectId>(random);
      const project: Project = {
        recordId: asId(random.orderedId()),
        projectId,
        name,
        domain: caller.domain,
        createdAt,
      };
      await accounts.insertProject(project, defaultApp(random, projectId, createdAt));
      await accounts.setRole({ userId: caller.userId, projectId }, 'admin');
      await audit(caller, 'AdminCreateProject', ['project', projectId]);
      return project;
    },
    list: (page, name) =>
      name === undefined
        ? accounts.listProjects(page)
        : filteredPage((part) => accounts.listProjects(part), { page, keep: (project) => project.name === name }),
    rename: async (caller, projectId, name) => {
      const renamed = await accounts.renameProject((await get(projectId)).projectId, name);
      await audit(caller, 'AdminUpdateProject', ['project', projectId]);
      return renamed;
    },
    delete: async (caller, projectId) => {
      await accounts.deleteProject((await get(projectId)).projectId);
      await audit(caller, 'AdminDeleteProject', ['project', projectId]);
    },
    listOwn: (caller, name) => accounts.listProjectsOf(caller.userId, name),
  };
}
