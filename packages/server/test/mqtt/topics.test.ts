import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFilterAllowed, isMatch, isOwnSysTopic, routeUplink } from '../../src/mqtt/topics.ts';

/** The rule of MQTT 3.1.1, 4.7, level by level. */
function isMatchByLevels(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const wanted = filter.split('/');
  const given = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return index <= given.length;
    if (index >= given.length || (level !== '+' && level !== given[index])) return false;
  }
  return wanted.length === given.length;
}

const level = fc.constantFrom('', 'a', 'b', 'ab', '$s');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen || levels.length === 0 ? ['#'] : [])].join('/'));

describe('a filter', () => {
  it.each([
    ['#', 'a/b', true],
    ['#', '$oc/a', false],
    ['+/a', '$oc/a', false],
    ['a/#', 'a', true],
    ['a/#', 'ab', false],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['+', '', true],
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b/d', false],
    ['+/+', '/b', true],
    ['$oc/devices/d/sys/#', '$oc/devices/d/sys/commands/request_id=1', true],
    ['a', 'a/b', false],
    ['a/b', 'a', false],
  ])('%s and topic %s match: %s', (text, name, isMatching) => {
    expect(isMatch(text, name)).toBe(isMatching);
  });

  it('matches as the levels say, whatever they are', () => {
    fc.assert(
      fc.property(filter, topic, (text, name) => {
        expect(isMatch(text, name)).toBe(isMatchByLevels(text, name));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['$oc/devices/d_1/sys/#', true],
    ['$oc/devices/d_1/#', true],
    ['$oc/devices/d_1/+/a', true],
    ['$oc/devices/d_1/', false],
    ['$oc/devices/d_1', false],
    ['$oc/devices/d_1#', false],
    ['$oc/devices/d_12/sys/#', false],
    ['$oc/devices/#', false],
    ['$oc/broadcast/a', true],
    ['$oc/broadcast/', false],
    ['$oc/#', false],
    ['$queue/a', false],
    ['/a', true],
    ['a\0', false],
  ])('%s is allowed: %s', (text, isAllowed) => {
    expect(isFilterAllowed(text, 'd_1')).toBe(isAllowed);
  });
});

describe('an uplink topic', () => {
  it.each([
    ['$oc/devices/d/sys/properties/report?encoding=gzip', { kind: 'sys', suffix: 'properties/report?encoding=gzip' }],
    ['$oc/devices/d/user/a/b', { kind: 'user', suffix: 'a/b' }],
    ['any/thing', { kind: 'free' }],
    [
      '$oc/devices/x/sys/shadow/get/request_id=1',
      { kind: 'child-shadow-get', childId: 'x', suffix: 'shadow/get/request_id=1' },
    ],
    ['$oc/devices/x/sys/shadow/get', undefined],
    ['$oc/devices/d/sys', undefined],
    ['$oc/devices/d', undefined],
    ['$oc/broadcast/a', undefined],
    ['$', undefined],
  ])('%s is routed', (name, route) => {
    expect(routeUplink(name, 'd')).toEqual(route);
  });

  it('is a sys topic only below the own device', () => {
    expect(isOwnSysTopic('$oc/devices/d/sys/a', 'd')).toBe(true);
    expect(isOwnSysTopic('$oc/devices/d/user/a', 'd')).toBe(false);
    expect(isOwnSysTopic('$oc/devices/e/sys/a', 'd')).toBe(false);
  });
});
