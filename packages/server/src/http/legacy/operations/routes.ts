import { CreateOperationRequest, ListOperationsQuery, ListSubOperationsQuery } from '@muster/contract/legacy';
import type {
  LegacyOperationService,
  OperationType,
  SubOperationView,
} from '../../../services/legacy-tasks/legacy-operation-service.ts';
import { answerList, decodeNewestFirst } from '../page.ts';
import type { LegacyCodes } from '../problems.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { decodeNewOperation, decodeOperationFilter } from './decode.ts';
import { encodeOperation, encodeSubOperation, type StatusSpelling } from './encode.ts';

/** Legacy 4.2 to 4.5. */
const codes: LegacyCodes = {
  taskNotFound: '123009',
  packageNotFound: '123002',
  packageTypeMismatch: '123002',
  deviceNotFound: '123002',
  groupNotFound: '123027',
  packageProductMismatch: '123016',
  packageTraitMismatch: '123016',
};

export interface OperationRoutesParts {
  readonly operations: LegacyOperationService;
  /** ms since epoch. */
  readonly now: () => number;
  readonly spelling: StatusSpelling;
  /** Of a list that is not paged. */
  readonly rowsMax: number;
}

export function createOperationRoutes(parts: OperationRoutesParts): LegacyRoute[] {
  const { operations, spelling } = parts;
  return [
    createRoute(parts, 'CreateSoftwareUpgrade', 'softwareUpgrade'),
    createRoute(parts, 'CreateFirmwareUpgrade', 'firmwareUpgrade'),
    legacyRoute('ShowOperation', {
      codes,
      handle: async ({ owner, param }) =>
        encodeOperation(await operations.show({ owner, taskId: param('operationId') }), spelling),
    }),
    legacyRoute('ListOperations', {
      ...{ query: ListOperationsQuery, codes },
      handle: async ({ owner, query }) => {
        const { items, count } = await operations.list(owner, decodeOperationFilter(query), decodeNewestFirst(query));
        const data = items.map((view) => encodeOperation(view, spelling));
        return { data, pageNo: query.pageNo, pageSize: query.pageSize, totalCount: count, totalSize: count };
      },
    }),
    listSubOperations(parts),
    legacyRoute('StopOperation', {
      codes: { ...codes, taskState: '123802' },
      handle: ({ owner, param }) => operations.stop({ owner, taskId: param('operationId') }),
    }),
    legacyRoute('DeleteOperation', {
      codes: { ...codes, taskState: '123801' },
      handle: ({ owner, param }) => operations.delete({ owner, taskId: param('operationId') }),
    }),
  ];
}

function createRoute({ operations, now }: OperationRoutesParts, operationId: string, type: OperationType): LegacyRoute {
  return legacyRoute(operationId, {
    ...{ body: CreateOperationRequest, codes },
    handle: async ({ caller, owner, body }) => ({
      operationId: await operations.create(decodeNewOperation({ caller, owner, type, now: now() }, body)),
    }),
  });
}

function listSubOperations({ operations, spelling, rowsMax }: OperationRoutesParts): LegacyRoute {
  return legacyRoute('ListSubOperations', {
    ...{ query: ListSubOperationsQuery, codes },
    handle: async ({ owner, query, param }) => {
      const view = await operations.show({ owner, taskId: param('operationId') });
      return answerList(query, {
        ...{ member: 'data', rowsMax, encode: (item: SubOperationView) => encodeSubOperation(view, item, spelling) },
        read: (page) => operations.listSubOperations(view.task, query.subOperationStatus, page),
      });
    },
  });
}
