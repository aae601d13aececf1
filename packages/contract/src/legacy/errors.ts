/** One code of the legacy catalogue (legacy 12). */
export interface LegacyErrorCode {
  readonly code: string;
  /** HTTP statuses it may come with; none: it stands inside results only. */
  readonly statuses: readonly (400 | 401 | 403 | 404 | 405 | 409 | 413 | 500)[];
  /** What `error_desc` says, always in these very words: clients compare them. */
  readonly sentence: string;
}

type Sentences = Readonly<Record<string, string>>;

const withStatus = <const S extends Sentences>(
  status: LegacyErrorCode['statuses'][number],
  sentences: S,
): LegacyErrorCode[] => Object.entries(sentences).map(([code, sentence]) => ({ code, statuses: [status], sentence }));

/** Legacy 12, by status; the sentences stand in the sections that introduce the codes. */
export const legacyErrorCodes: readonly LegacyErrorCode[] = [
  ...withStatus(400, {
    100003: 'Invalid verify code.',
    100019: 'Illegal request.',
    100218: "The gatewayId and pageNo can't be both null.",
    100222: 'The request callbackurl is illegal.',
    100223: 'Command counts has reached the upLimit.',
    100247: 'Operation not allowed. The application has been frozen.',
    100405: 'The request parameter is invalid.',
    100416: 'The device has already been binded.',
    100426: 'The nodeId is duplicated.',
    100431: 'The serviceType is not exist.',
    100609: 'Too much devices to add.',
    100610: 'Device is not active.',
    100611: 'Device is online.',
    102202: 'Required Parameter is null or empty.',
    105201: 'The tagName and tagValue has been used on the platform.',
    123016: 'The parameter is error, targetversion not match with device.',
    123019: 'manufacturerName is null.',
    123020: 'deviceType is null',
    123021: 'model is null.',
    123022: 'deviceGroups and devices cannot be null together',
    123023: 'deviceGroups and devices cannot be exist together',
    123024: 'The number of deviceGroups or devices reached upper limit',
    123025: 'executeType is error or can not to be null.',
    123026: 'startTime or endTime is null or error.',
    123028: 'retryTimes is null or beyond the limit.',
    123029: 'pageNo or pageSize beyond the limit.',
    123032: 'startTime can not be later than the endTime.',
    123033: 'startTime can not be earlier than the now.',
  }),
  // Bad input on `/iocm` and on `/iodm` (legacy 1.1).
  { code: '100022', statuses: [400, 413], sentence: 'The input is invalid' },
  { code: '120015', statuses: [400, 413], sentence: 'Bad request error.' },
  ...withStatus(401, {
    100006: 'Refresh access token failed.',
    100025: 'AppId for auth not exist.',
    100208: 'AppId or secret is not right.',
  }),
  ...withStatus(403, {
    100203: 'The application is not existed.',
    100217: "The application hasn't been authorized",
    100428: 'The device is not online.',
    100435: 'The device command already canceled, expired or executed, Cannot cancel.',
    100601: 'The number of device in the group has reach the max.',
    100602: 'The device group name has been used.',
    100607: 'The devGroup has reached the limit.',
    105001: 'The batchTask count has reached the limit.',
    105002: 'The batchTask name has exist.',
    105801: 'The batchTask is not finished.',
    105802: 'The batchTask is already finished.',
    123801: 'The operation is not finished.',
    123802: 'The operation is already finished.',
    123803: 'The package is in use.',
    600002: 'The product not existed.',
    1010005: 'App_key or access_token is invalid.',
    1010009: 'app throttle exceed.',
  }),
  ...withStatus(404, {
    100225: 'The resource is not found',
    100403: 'The device is not existed.',
    100434: 'The device command is not existed.',
    100603: 'The device group is not existed.',
    105005: 'The batchTask is not existed.',
    123002: 'Device or package file not found.',
    123009: 'The requested task does not exist.',
    123027: 'Some device groups do not exist.',
    200001: 'The resource is not found.',
  }),
  { code: '101001', statuses: [404, 405], sentence: "Resource doesn't exist." },
  ...withStatus(409, { 100227: 'The resource is conflicted.' }),
  ...withStatus(500, { 50252: 'Internal server error.' }),
];

/** Codes of `error` in sub-tasks alone (legacy 10.6). */
export const legacySubtaskErrors = {
  105803: 'The subtask timed out.',
  105804: 'The subtask expired before it was executed.',
  105805: 'The subtask was stopped.',
  105806: 'The subtask was removed.',
  105807: 'The device answered an error.',
} as const;
