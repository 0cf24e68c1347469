// What the records of a journal are: one that says whose it is, those of a snapshot, one that ends the snapshot, and those
// that came since.
import { recordsOf } from './journal-lines.js';

/** Raised where a reader of before cannot read what is written now. */
export const MAJOR = 2;
/** Raised where something was added that a reader of before must not overlook. */
export const MINOR = 0;

/** Who the state is for: it must be the same text, or what was counted is something else. */
export interface JournalHeader {
  readonly identity: string;
  /** How many journals there were before this one, each made of the one before. */
  readonly generation: number;
}

export type LossReason = 'damaged' | 'other version' | 'other identity';

export type JournalContent =
  | { readonly outcome: 'found'; readonly generation: number; readonly records: () => Iterable<string> }
  | { readonly outcome: 'lost'; readonly reason: LossReason; readonly detail: string }
  /** Of a later version of this program: not to be overwritten. */
  | { readonly outcome: 'newer'; readonly detail: string };

const HEADER = 'H';
const RECORD = 'R';
const SNAPSHOT_END = 'E';

/** The beginning of a journal: everything up to where lines are appended. */
export function* snapshotRecords(
  { identity, generation }: JournalHeader,
  records: Iterable<string>,
): Generator<string, void, undefined> {
  yield `${HEADER}${JSON.stringify({ journal: [MAJOR, MINOR], generation, identity })}`;
  for (const record of records) yield `${RECORD}${record}`;
  yield SNAPSHOT_END;
}

export function appendedRecord(record: string): string {
  return `${RECORD}${record}`;
}

/** Reads all of it once, so that nothing of a damaged journal is taken for true. */
export function readContent(bytes: Buffer, identity: string): JournalContent {
  const all = recordsOf(bytes);
  const first = all.next().value;
  const header = first === undefined || 'damagedAt' in first ? undefined : headerIn(first.toString());
  if (header === undefined) return damaged(0);
  const { major, minor, generation } = header;
  const version = `its version is ${major}.${minor}, this is ${MAJOR}.${MINOR}`;
  if (major > MAJOR || (major === MAJOR && minor > MINOR)) return { outcome: 'newer', detail: version };
  if (major < MAJOR) return { outcome: 'lost', reason: 'other version', detail: version };
  let hasSnapshot = false;
  for (const record of all) {
    if ('damagedAt' in record) return damaged(record.damagedAt);
    const kind = String.fromCharCode(record[0] ?? 0);
    if (kind === SNAPSHOT_END && record.length === 1 && !hasSnapshot) hasSnapshot = true;
    else if (kind !== RECORD) return damaged(bytes.length);
  }
  if (!hasSnapshot) return damaged(bytes.length);
  if (header.identity !== identity)
    return {
      outcome: 'lost',
      reason: 'other identity',
      detail: `it is of ${header.identity}, not of ${identity}`,
    };
  return { outcome: 'found', generation, records: () => contentOf(bytes) };
}

function* contentOf(bytes: Buffer): Generator<string, void, undefined> {
  for (const record of recordsOf(bytes))
    if (!('damagedAt' in record) && record.toString('latin1', 0, 1) === RECORD)
      yield record.toString('utf8', 1);
}

function damaged(at: number): JournalContent {
  return { outcome: 'lost', reason: 'damaged', detail: `it is damaged at byte ${at}` };
}

function headerIn(record: string): (JournalHeader & { major: number; minor: number }) | undefined {
  if (!record.startsWith(HEADER)) return undefined;
  try {
    const { journal, generation, identity } = JSON.parse(record.slice(HEADER.length)) as Record<
      string,
      unknown
    >;
    const [major, minor] = Array.isArray(journal) ? (journal as unknown[]) : [];
    if (!isCount(major) || !isCount(minor)) return undefined;
    // What a later version has in its header, nobody knows.
    return {
      major,
      minor,
      generation: isCount(generation) ? generation : 0,
      identity: typeof identity === 'string' ? identity : '',
    };
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
