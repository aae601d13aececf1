import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TLSSocket } from 'node:tls';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { invalid, Problem } from '../../domain/problem.ts';
import { decodeInteger, decodeName } from '../../services/device-side/decode/fields.ts';
import { decodeJson } from '../../services/device-side/decode/json-payload.ts';
import { decodeMessage } from '../../services/device-side/decode/message-payload.ts';
import { decodeDeviceReports, decodeServices } from '../../services/device-side/decode/property-report.ts';
import type { Speaker } from '../../services/device-side/family.ts';
import type { DeviceHttpAccess, HttpSignIn } from '../../services/device-side/http/device-http-access.ts';
import type { ProductRef } from '../../services/device-side/user-topics.ts';
import { type BodyLimit, publicBody } from '../body-reader.ts';

const reportBody: BodyLimit = { bytesMax: 1_048_576, from: 'caller' };
const childrenMax = 50;
const deviceIdMax = 256;
const passwordMax = 256;

type Device = Speaker & ProductRef;
type Report = (access: DeviceHttpAccess, device: Device, body: Buffer) => Promise<void>;

/** Device 10: sign-in, and three of the topics of MQTT as addresses; a gateway's has a hyphen here. */
export function addDeviceRoutes(app: FastifyInstance, access: DeviceHttpAccess): void {
  app.post('/v5/device-auth', async (request, reply) => {
    const body = await readDeviceBody(request, reply, publicBody);
    const { token, expiresInSeconds } = await access.signIn({ ...decodeSignIn(body), ...originOf(request) });
    return { access_token: token, expires_in: expiresInSeconds };
  });
  const reports: Readonly<Record<string, Report>> = {
    'properties/report': reportProperties,
    'messages/up': sendMessage,
    'gateway/sub-devices/properties/report': reportChildren,
  };
  for (const [name, report] of Object.entries(reports)) {
    app.post<{ Params: { device_id: string } }>(`/v5/devices/:device_id/sys/${name}`, async (request, reply) => {
      const { secure } = originOf(request);
      const header = request.headers.access_token;
      const token = typeof header === 'string' ? header : undefined;
      const device = await access.authorize({ token, deviceId: request.params.device_id, secure });
      await report(access, device, await readDeviceBody(request, reply, reportBody));
      return reply.code(200).send();
    });
  }
}

function originOf({ socket }: FastifyRequest): Pick<HttpSignIn, 'secure' | 'remoteAddress'> {
  const secure = (socket as Partial<Pick<TLSSocket, 'encrypted'>>).encrypted === true;
  return { secure, remoteAddress: socket.remoteAddress ?? '' };
}

async function readDeviceBody(request: FastifyRequest, reply: FastifyReply, limit: BodyLimit): Promise<Buffer> {
  try {
    return await request.server.bodies.read(request.raw, reply.raw, limit);
  } catch (error) {
    if (error instanceof Problem && error.problem === 'bodyTooLarge') throw new Problem('payloadTooLarge');
    throw error;
  }
}

function decodeSignIn(bytes: Buffer): Pick<HttpSignIn, 'deviceId' | 'signType' | 'timestamp' | 'password'> {
  const body = decodeObject(bytes);
  const deviceId = decodeName(body['device_id'], deviceIdMax);
  if (typeof deviceId !== 'string') throw invalid('device_id', 'must be the id of a device');
  const signType = decodeInteger(body['sign_type']);
  if (signType !== 0 && signType !== 1) throw invalid('sign_type', 'must be 0 or 1');
  const timestamp = decodeName(body['timestamp'], deviceIdMax);
  if (typeof timestamp !== 'string' || !/^\d{10}$/.test(timestamp)) throw invalid('timestamp', 'must be 10 digits');
  const password = decodeName(body['password'], passwordMax);
  if (typeof password !== 'string') throw invalid('password', 'must be a text');
  return { deviceId, signType, timestamp, password };
}

function decodeObject(bytes: Buffer): JsonObject {
  const body = decodeJson(bytes);
  if (!isJsonObject(body)) throw invalid('body', 'must be a JSON object');
  return body;
}

const reportProperties: Report = async ({ reports, clock }, device, body) => {
  const services = decodeServices(decodeObject(body)['services'], clock.now());
  if (services === undefined) throw invalid('services', 'must be a list of services with their properties');
  await reports.report(device, [{ deviceId: device.deviceId, services }]);
};

const reportChildren: Report = async ({ reports, clock }, device, body) => {
  const devices = decodeDeviceReports(decodeObject(body)['devices'], clock.now());
  if (devices === undefined) throw invalid('devices', 'must be a list of sub-devices with their services');
  if (devices.length > childrenMax) throw new Problem('tooManyChildren');
  if (devices.some(({ deviceId }) => deviceId === device.deviceId)) throw new Problem('unknownChild');
  const unknown = await reports.report(device, devices, { allOrNothing: true });
  if (unknown.length > 0) throw new Problem('unknownChild');
};

const sendMessage: Report = async ({ family, messages, clock }, device, body) => {
  const { content, objectDeviceId } = decodeMessage(body);
  const deviceId = await family.resolve(device, objectDeviceId);
  if (deviceId === undefined) throw new Problem('unknownChild');
  const topic = `$oc/devices/${device.deviceId}/sys/messages/up`;
  await messages.onMessage({
    deviceId,
    product: device,
    topic,
    requestId: undefined,
    receivedAt: clock.now(),
    content,
  });
};
