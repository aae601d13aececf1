import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createLegacyDecoder,
  createLegacyQueryDecoder,
  LegacySubscribeRequest,
  legacyNotifyTypes,
  ListSubscriptionsQuery,
} from '../../src/legacy/index.ts';

const decode = createLegacyDecoder(LegacySubscribeRequest);
const decodeQuery = createLegacyQueryDecoder(ListSubscriptionsQuery);
const notifyType = fc.constantFrom(...legacyNotifyTypes);

it('a subscription decodes to itself, whatever nulls and unknown members stand beside its own', () => {
  const sent = fc.record(
    { notifyType, callbackUrl: fc.webUrl(), callbackurl: fc.webUrl(), channel: fc.constant('HTTP') },
    { requiredKeys: ['notifyType'] },
  );
  const beside = fc.record({ appId: fc.constant(null), ownerFlag: fc.anything(), clientIds: fc.constant(null) });
  fc.assert(
    fc.property(sent, beside, (body, more) => {
      expect(decode({ ...more, ...body })).toEqual({ ok: true, value: body });
    }),
  );
});

it('whatever else is sent is refused with the member that is wrong, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.record({ notifyType: fc.anything(), callbackUrl: fc.anything() }), (body) => {
      const result = decode(body);
      if (result.ok) expect(legacyNotifyTypes).toContain(result.value.notifyType);
      else expect(['notifyType', 'callbackUrl']).toContain(result.errors[0]?.path.split(/[.[]/)[0]);
    }),
  );
});

it('the filter meets its type in any case', () => {
  fc.assert(
    fc.property(notifyType, fc.array(fc.boolean()), (type, uppers) => {
      const written = [...type].map((letter, at) => (uppers[at] === true ? letter.toUpperCase() : letter)).join('');
      expect(decodeQuery({ notifyType: written })).toMatchObject({ ok: true, value: { notifyType: type } });
    }),
  );
});
