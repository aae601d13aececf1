import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asId, type RecordId, type TaskId } from '../../src/domain/ids.ts';
import { lastMarker } from '../../src/domain/paging.ts';
import { requestIdOf, runOfRequestId } from '../../src/domain/request-id.ts';
import { seqBelowMarker, subtaskRecordId } from '../../src/domain/subtask-record.ts';
import { parseBasicTime, parseMillisTime, toBasicTime, toMillisTime } from '../../src/domain/time.ts';

const run = fc.record({ taskNo: fc.nat(2 ** 44 - 1), seq: fc.nat(2 ** 32 - 1), attempt: fc.nat(2 ** 16 - 1) });

describe('request ids', () => {
  it('carry their run to the device and back, as a UUID', () => {
    fc.assert(
      fc.property(run, (ref) => {
        const requestId = requestIdOf(ref);
        expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(runOfRequestId(requestId)).toEqual(ref);
      }),
    );
  });

  it('are told from random UUIDs and from other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uuid(), fc.string()), (text) => {
        expect(runOfRequestId(text)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
    expect(runOfRequestId(requestIdOf({ taskNo: 1, seq: 2, attempt: 3 }).toUpperCase())).toBeUndefined();
  });
});

describe('record ids of subtasks', () => {
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
  const taskId = hex(24).map((text) => asId<TaskId>(text));
  const seq = fc.nat(2 ** 32 - 1);

  it('rise with the input order and stay 24 hex digits', () => {
    fc.assert(
      fc.property(taskId, seq, seq, (task, a, b) => {
        expect(subtaskRecordId(task, a)).toMatch(/^[0-9a-f]{24}$/);
        expect(subtaskRecordId(task, a) < subtaskRecordId(task, b)).toBe(a < b);
      }),
    );
  });

  it('as a marker leave exactly the subtasks below', () => {
    const marker = hex(24).map((text) => asId<RecordId>(text));
    fc.assert(
      fc.property(taskId, seq, fc.oneof(marker, fc.constant(lastMarker)), (task, own, any) => {
        for (const given of [subtaskRecordId(task, own), any]) {
          expect(own < seqBelowMarker(task, given)).toBe(subtaskRecordId(task, own) < given);
        }
      }),
    );
  });
});

describe('times', () => {
  const moment = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59) });

  it('make the way to the wire and back', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        expect(parseMillisTime(toMillisTime(ms))).toBe(ms);
        expect(parseBasicTime(toBasicTime(ms))).toBe(ms - (ms % 1000));
      }),
    );
  });

  it('are read from nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseBasicTime(text)).toBeUndefined();
        expect(parseMillisTime(text)).toBeUndefined();
      }),
    );
    const wrong = [
      '20260230T000000Z',
      '20261301T000000Z',
      '20260101T240000Z',
      '20260101T006000Z',
      '2026-01-01',
      '20260101T000000',
      '20260101t000000z',
      ' 20260101T000000Z',
      '20260101T000000Z ',
      '20260101T000000+00',
      '2026-01-01T00:00:00Z',
    ];
    for (const text of wrong) expect(parseBasicTime(text), text).toBeUndefined();
    for (const text of [
      '2025-01-01T10:20:30Z',
      '2025-02-29T10:20:30.000Z',
      '2025-01-01T10:20:30.00Z',
      '20250101T102030Z',
    ]) {
      expect(parseMillisTime(text), text).toBeUndefined();
    }
  });
});
