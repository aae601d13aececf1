/** Cells of a row of createDevices by column. */
export type Cells = Readonly<Record<string, string>>;

export interface BadRow {
  /** What is wrong with it: it stands in the place of the good row's cells. */
  readonly cells: Cells;
  /** Behind the last column. */
  readonly surplus?: string;
  /** The subtask's target, and what it ended with. */
  readonly target: string;
  readonly code: string;
  readonly message: string;
  /** What the cells that are wrong should have said. */
  readonly mended: Cells;
}

export interface BadRowPlace {
  readonly productId: string;
  /** The good row's cells of this place. */
  readonly good: Cells;
  /** Its number in the file, and how many of its kind came before. */
  readonly rowNo: number;
  readonly turn: number;
  /** A good row that comes earlier. */
  readonly earlier: { readonly rowNo: number; readonly nodeId: string };
}

/** Node ids of devices that are there before; the devices have the usual ids. */
export const takenNode = (turn: number): string => `taken-${turn}`;

/** 014653: the row, the column and the reason. */
const badCell =
  (column: string, text: string, reason: string) =>
  ({ productId, good, rowNo }: BadRowPlace): BadRow => {
    const cells = { [column]: text };
    const { node_id: node, product_id: product } = { node_id: good['node_id'], product_id: productId, ...cells };
    return {
      cells,
      target: node === '' || product === '' ? `row ${rowNo}` : `${product}_${node}`,
      code: 'IOTDA.014653',
      message: `Row ${rowNo}, column '${column}': ${reason}`,
      mended: { [column]: good[column] ?? '' },
    };
  };

/** What the store finds when the row's turn comes. */
const refused =
  (column: string, textOf: (place: BadRowPlace) => string, [code, message]: readonly [string, string]) =>
  (place: BadRowPlace): BadRow => {
    const cells: Cells = { node_id: place.good['node_id'] ?? '', product_id: place.productId, [column]: textOf(place) };
    return {
      cells: { [column]: textOf(place) },
      target: cells['device_id'] ?? `${cells['product_id']}_${cells['node_id']}`,
      code,
      message,
      mended: { [column]: place.good[column] ?? '' },
    };
  };

/** 014654: the first good row of a target has it. */
const repeated =
  (column: string, textOf: (place: BadRowPlace) => string) =>
  (place: BadRowPlace): BadRow => {
    const { rowNo, earlier, productId, good } = place;
    return {
      cells: { [column]: textOf(place) },
      target: `${productId}_${earlier.nodeId}`,
      code: 'IOTDA.014654',
      message: `Row ${rowNo} repeats the target of row ${earlier.rowNo}.`,
      mended: { [column]: good[column] ?? '' },
    };
  };

const deviceExists = ['IOTDA.014031', 'Invalid input. The device already exists.'] as const;
const idExists = ['IOTDA.014115', 'Invalid input. The device ID already exists.'] as const;
const noProduct = ['IOTDA.013000', 'The product does not exist.'] as const;
const noApp = ['IOTDA.001000', 'The application does not exist.'] as const;
const noGateway = [
  'IOTDA.014042',
  'Invalid input. The gateway cannot be used for this device. It does not exist in the application of the device.',
] as const;

const idShape = 'must consist of letters, digits, _ and -';
const tagShape = 'must consist of Chinese characters, letters, digits, _ . and -';

/** Every way in which a row of createDevices can be wrong. */
export const kinds: readonly ((place: BadRowPlace) => BadRow)[] = [
  badCell('node_id', '', 'is empty'),
  badCell('node_id', 'press 7', idShape),
  badCell('node_id', 'n'.repeat(65), 'must have 1 to 64 characters'),
  badCell('product_id', '', 'is empty'),
  badCell('auth_type', 'PASSWORD', 'must be one of SECRET, CERTIFICATES'),
  badCell('secret', 'short', 'must have 8 to 32 characters'),
  badCell('secret', 'with a blank', idShape),
  badCell('device_name', 'x'.repeat(257), 'must have 1 to 256 characters'),
  badCell('fingerprint', 'beef', 'must be 40 or 64 hex digits'),
  badCell('secure_access', 'yes', 'must be true or false'),
  badCell('timeout', '-1', 'must be a whole number from 0 to 2147483647'),
  badCell('timeout', '2147483648', 'must be a whole number from 0 to 2147483647'),
  badCell('tags', 'bad key=1', tagShape),
  badCell('tags', Array.from({ length: 11 }, (_, n) => `k${n}=1`).join(';'), 'must have at most 10 tags'),
  badCell('extension_info', '{"rack":', 'must be a JSON object'),
  badCell('extension_info', '[1]', 'must be a JSON object'),
  badCell('extension_info', JSON.stringify({ a: 'x'.repeat(1024) }), 'must have at most 1024 bytes as JSON'),
  ({ rowNo }) => ({
    cells: {},
    surplus: 'west',
    target: `row ${rowNo}`,
    code: 'IOTDA.014653',
    message: `Row ${rowNo}, column '15': stands behind the last column of the header; a text with a comma wants quotes`,
    // The file of failed rows has no such column.
    mended: {},
  }),
  repeated('node_id', ({ earlier }) => earlier.nodeId),
  repeated('device_id', ({ productId, earlier }) => `${productId}_${earlier.nodeId}`),
  refused('product_id', () => 'nowhere', noProduct),
  refused('app_id', () => 'nobody', noApp),
  refused('gateway_id', () => 'nobody', noGateway),
  refused('node_id', ({ turn }) => takenNode(2 * turn), deviceExists),
  refused('device_id', ({ productId, turn }) => `${productId}_${takenNode(2 * turn + 1)}`, idExists),
];
