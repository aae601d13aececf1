export type { Credentials } from './credentials.ts';
export { MusterError, type MusterErrorDetails, NETWORK_ERROR } from './muster-error.ts';
export {
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
  signedHeaderNames,
} from './signing/canonical-request.ts';
export { type AccessKey, sdkHmacAuthorization, sdkHmacSignature, sdkHmacStringToSign } from './signing/sdk-hmac.ts';
export {
  v11Authorization,
  v11DerivedKey,
  v11Info,
  type V11Scope,
  v11Signature,
  v11StringToSign,
} from './signing/v11-hmac.ts';
export { createSseDecoder, type SseDecoder, type SseFrame } from './sse-decoder.ts';
export type { ApiCall, CallOptions, Fetch, Query } from './transport.ts';
export type { CreateTaskOptions } from './v5/batch-tasks.ts';
export { createV5Client, type V5Client, type V5ClientOptions } from './v5/client.ts';
export type { TaskEventOptions } from './v5/task-events.ts';
export { isFinalTaskStatus, type TaskSnapshot, type WaitForTaskOptions } from './v5/wait-for-task.ts';
export type * from './v5/wire.ts';
