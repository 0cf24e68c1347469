// The text of a journal: records, a line each, that say how long they are and what their sum is. What a process that was
// killed left of its last line is told from damage: it is the beginning of one, with nothing behind it.
import { crc32 } from 'node:zlib';

const NEW_LINE = 10;
const BLANK = 32;
/** The sum in eight digits, a blank, the length in digits, a blank. */
const SUM_DIGITS = 8;
const HEAD = /^[0-9a-f]{8} (?:0|[1-9]\d{0,9}) $/;
const HEAD_MAX = SUM_DIGITS + 12;

/** A record must have no line break: JSON has none. */
export function lineOf(record: string): Buffer {
  const body = Buffer.from(record);
  const head = headOf(body);
  const line = Buffer.allocUnsafe(head.length + body.length + 1);
  line.write(head, 'latin1');
  body.copy(line, head.length);
  line[line.length - 1] = NEW_LINE;
  return line;
}

function headOf(body: Uint8Array): string {
  return `${crc32(body).toString(16).padStart(SUM_DIGITS, '0')} ${body.length} `;
}

export interface Damage {
  /** In bytes, of the line that is wrong. */
  readonly damagedAt: number;
}

/**
 * The records of a journal, until one is damaged: then the last thing that comes is where. What stands behind the last line
 * break is cut off if it can be the beginning of a line, as are zeros at the end, which a file system leaves whose machine
 * lost its power. A line that lacks only its break is whole.
 */
export function* recordsOf(bytes: Buffer): Generator<Buffer | Damage, void, undefined> {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  for (let at = 0; at < end;) {
    const lineEnd = bytes.indexOf(NEW_LINE, at);
    const isEnded = lineEnd !== -1 && lineEnd < end;
    const line = bytes.subarray(at, isEnded ? lineEnd : end);
    const body = bodyOf(line);
    if (body !== undefined) yield body;
    else if (isEnded || !isBeginning(line)) {
      yield { damagedAt: at };
      return;
    }
    at += line.length + 1;
  }
}

/** Undefined unless all of the line is as it was written. */
function bodyOf(line: Buffer): Buffer | undefined {
  const second = line.indexOf(BLANK, SUM_DIGITS + 1);
  if (second === -1) return undefined;
  const body = line.subarray(second + 1);
  const head = headOf(body);
  return head.length === second + 1 && line.toString('latin1', 0, second + 1) === head ? body : undefined;
}

/** Whether more of it was to come. */
function isBeginning(line: Buffer): boolean {
  const second = line.indexOf(BLANK, SUM_DIGITS + 1);
  if (second === -1) return isBeginningOfHead(line.toString('latin1', 0, HEAD_MAX + 1));
  const head = line.toString('latin1', 0, Math.min(second + 1, HEAD_MAX + 1));
  return HEAD.test(head) && line.length - head.length < Number(head.slice(SUM_DIGITS + 1));
}

function isBeginningOfHead(text: string): boolean {
  return /^(?:[0-9a-f]{0,8}|[0-9a-f]{8} \d{0,10})$/.test(text);
}
