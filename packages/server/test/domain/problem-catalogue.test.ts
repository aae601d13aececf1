import { errorCodes } from '@muster/contract/v5';
import { describe, expect, it } from 'vitest';
import { causeOf, Problem } from '../../src/domain/problem.ts';
import { type CatalogueEntry, problemCatalogue, type ProblemName } from '../../src/domain/problem-catalogue.ts';

const entries = Object.entries(problemCatalogue) as [ProblemName, CatalogueEntry][];
const contractCodes = new Map(errorCodes.map((entry) => [entry.code as string, entry]));

/** Upgrade causes, whose texts stand in v5 13.6. */
const isUpgradeCause = (code: string): boolean => code >= '014590' && code <= '014596';

describe('the problem catalogue', () => {
  const shared = entries.filter(([, { code }]) => contractCodes.has(code));

  it('shares most of its codes with the contract', () => {
    expect(shared.length).toBeGreaterThan(60);
  });

  it.each(shared)('says %s as the contract does', (name, { code, sentence }) => {
    const text = contractCodes.get(code)?.message ?? '';
    if (isUpgradeCause(code) && text.includes('…')) return;
    const pattern = text.split('…').map(escaped).join('.*').trimEnd();
    expect(sentence.trimEnd(), name).toMatch(new RegExp(`^${pattern}$`, 'u'));
  });

  it.each(shared)('gives %s a status of the contract', (_name, { code, status }) => {
    const statuses: readonly number[] = contractCodes.get(code)?.statuses ?? [];
    if (status === 0) expect(statuses).toEqual([]);
    else expect(statuses).toContain(status);
    if (status === 404 && statuses.includes(400)) expect(statuses).toEqual([404, 400]);
  });

  it('answers 400 where body or query names what the URL could have named', () => {
    for (const [name, { status }] of entries) {
      expect(new Problem(name).status).toBe(status);
      expect(new Problem(name, { field: 'document.package_id' }).status).toBe(status === 404 ? 400 : status);
    }
  });

  it('fills its sentences in order and leaves no gap mark', () => {
    expect(causeOf('taskParameter', 'document', 'freezeDevices').message).toBe(
      "Invalid input. The parameter 'document' is missing, wrong or not supported for task_type 'freezeDevices'.",
    );
    for (const [name] of entries) expect(new Problem(name).message).not.toMatch(/…|\s$/u);
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
