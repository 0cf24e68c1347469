// State that outlives a process, in one file of a folder: a snapshot, and what came since. The file is replaced as a whole
// when it has grown, and when a process takes the folder over: whose file it was finds another one there, and stops.
// Knows bytes only.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import { MetricStoreError } from '../errors.js';
import { textOf } from '../guard/thrown.js';
import { MEBIBYTE } from '../limits.js';
import { appendedRecord, readContent, snapshotRecords, type JournalContent } from './journal-content.js';
import { JournalFile } from './journal-file.js';
import { lineOf } from './journal-lines.js';

export interface JournalOptions {
  /** Made if it is not there. */
  readonly folder: string;
  /** Who the state is for: what another text was written with is lost. */
  readonly identity: string;
  /** Gets what the disk said, each time. */
  readonly onError: (error: unknown) => void;
  /** What may stand behind the snapshot before it is time for another one. @defaultValue 16 MiB, at most 4 snapshots */
  readonly maxBytes?: number;
  /** What waits for a full disk, at most. @defaultValue 16 MiB */
  readonly maxPendingBytes?: number;
}

/** What was in the folder. */
export type JournalFound = { readonly outcome: 'none' } | Exclude<JournalContent, { outcome: 'newer' }>;

export interface Restored {
  /** What the new journal begins with. */
  readonly records: Iterable<string>;
  /** What was found could not be used, and is kept beside the new one. */
  readonly isLost: boolean;
}

/** `taken`: another process has the folder. `failing`: not all of it is on the disk. */
export type SyncResult = 'durable' | 'failing' | 'taken';

const FILE = 'journal';
/** What was damaged, or of something else, for who wants to look at it. */
const LOST_FILE = 'journal.lost';
const NEW_FILE = /^journal\..*\.new$/;
/** A new file that is so old is nobody's any more. */
const LEFT_MILLIS = 3_600_000;

const MAX_BYTES = 16 * MEBIBYTE;
const SNAPSHOTS_MAX = 4;
/** A small snapshot is no reason to write it all the time. */
const LEAST_BYTES = MEBIBYTE / 4;
/** Snapshots are written in pieces. */
const PIECE_BYTES = MEBIBYTE;
/** How often a process that takes over reads again what the other one wrote meanwhile. */
const TAKE_OVERS_MAX = 10;

/** What a file is known by for as long as somebody has it open. */
type FileIdentity = Pick<BigIntStats, 'dev' | 'ino'>;

interface OldFile {
  readonly fd: number;
  readonly identity: FileIdentity;
}

export class Journal {
  readonly #options: JournalOptions;
  readonly #path: string;
  #file: JournalFile | undefined;
  #identity: FileIdentity | undefined;
  #generation = 0;
  #snapshotBytes = 0;
  #isTaken = false;

  /** @throws MetricStoreError STATE_REFUSED if there can be no folder */
  constructor(options: JournalOptions) {
    this.#options = options;
    this.#path = join(options.folder, FILE);
    try {
      mkdirSync(options.folder, { recursive: true });
      this.#removeLeftFiles();
    } catch (error) {
      throw refused(options.folder, error);
    }
  }

  /**
   * Takes the folder over: `restore` gets what is there, as often as a process that has it wrote something meanwhile, and
   * gives what the new journal begins with. Whoever had the folder before cannot show anything any more that is not in it.
   *
   * @throws MetricStoreError STATE_REFUSED for what a later version wrote, and for a disk that cannot be read or written;
   * and what `restore` throws
   */
  async begin(restore: (found: JournalFound) => Promise<Restored>): Promise<void> {
    let old = this.#openOld();
    try {
      for (let tries = 1; ; tries++) {
        const bytes = old === undefined ? undefined : this.#read(old.fd);
        const found = this.#contentOf(bytes);
        const { records, isLost } = await restore(found);
        const there = this.#isMine(this.#identity) ? old : this.#openOld();
        const isOther =
          there?.identity.ino !== old?.identity.ino || there?.identity.dev !== old?.identity.dev;
        if (isOther && tries < TAKE_OVERS_MAX) {
          closeOld(old);
          old = there;
          continue;
        }
        if (there !== old) closeOld(there);
        if (isLost && this.#identity === undefined) this.#keepLost();
        this.#generation = found.outcome === 'found' ? found.generation : 0;
        this.#replace(records);
        // What it showed before the file was replaced, it wrote before.
        if (old === undefined || tries >= TAKE_OVERS_MAX || sizeOf(old.fd) === bytes?.length) return;
      }
    } finally {
      closeOld(old);
    }
  }

  /** Appends in this turn; what the disk does not take waits. */
  append(record: string): void {
    this.#file?.append(lineOf(appendedRecord(record)));
  }

  /** After it, what was appended before may be shown, if it is durable. */
  async sync(): Promise<SyncResult> {
    const file = this.#file;
    if (file === undefined || this.isTaken()) return 'taken';
    const isDurable = await file.sync();
    // The file may have been replaced meanwhile, by this process: then all of it is on the disk.
    if (this.isTaken()) return 'taken';
    return isDurable || (file !== this.#file && !this.#file?.isBroken) ? 'durable' : 'failing';
  }

  /** Whether another process has the folder. For good. */
  isTaken(): boolean {
    this.#isTaken ||= this.#file !== undefined && !this.#isMine(this.#identity);
    return this.#isTaken;
  }

  /** Whether it is time for a snapshot: much was appended, or something that was is lost. */
  get wantsSnapshot(): boolean {
    const file = this.#file;
    if (file === undefined || this.#isTaken) return false;
    const { maxBytes = MAX_BYTES } = this.#options;
    const max = Math.min(maxBytes, Math.max(LEAST_BYTES, SNAPSHOTS_MAX * this.#snapshotBytes));
    return file.isBroken || file.appendedBytes > max;
  }

  /** Bytes of the snapshot, and of what came since. */
  get bytes(): number {
    return this.#snapshotBytes + (this.#file?.appendedBytes ?? 0);
  }

  /** Begins anew with this snapshot. False, and all stays as it is, if the disk does not take it or the folder was taken. */
  replace(records: Iterable<string>): boolean {
    if (this.#file === undefined || this.isTaken()) return false;
    try {
      this.#replace(records);
      return true;
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }

  close(): void {
    this.#file?.close();
  }

  #replace(records: Iterable<string>): void {
    const { identity: owner, onError, maxPendingBytes = MAX_BYTES } = this.#options;
    const generation = this.#generation + 1;
    const path = `${this.#path}.${process.pid}-${randomUUID()}.new`;
    let fd: number | undefined;
    try {
      // To be read by nobody else.
      fd = openSync(path, 'ax', 0o600);
      const bytes = writeAll(fd, snapshotRecords({ identity: owner, generation }, records));
      fsyncSync(fd);
      const identity = fstatSync(fd, { bigint: true });
      renameSync(path, this.#path);
      const replaced = this.#file;
      this.#identity = identity;
      this.#file = new JournalFile(fd, { onError, maxPendingBytes });
      this.#generation = generation;
      this.#snapshotBytes = bytes;
      replaced?.close();
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      rmSync(path, { force: true });
      throw refused(this.#options.folder, error);
    }
    this.#syncFolder();
  }

  /** So that the name leads to the new file after a power cut, too. Not every file system can. */
  #syncFolder(): void {
    try {
      const fd = openSync(this.#options.folder, 'r');
      try {
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #contentOf(bytes: Buffer | undefined): JournalFound {
    if (bytes === undefined) return { outcome: 'none' };
    const content = readContent(bytes, this.#options.identity);
    if (content.outcome !== 'newer') return content;
    throw new MetricStoreError(
      'STATE_REFUSED',
      `${this.#path} was written by a later version, and is left as it is: ${content.detail}`,
    );
  }

  #openOld(): OldFile | undefined {
    try {
      const fd = openSync(this.#path, 'r');
      return { fd, identity: fstatSync(fd, { bigint: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw refused(this.#options.folder, error);
    }
  }

  #read(fd: number): Buffer {
    try {
      const bytes = Buffer.allocUnsafe(sizeOf(fd));
      let read = 0;
      for (let more = 1; more > 0 && read < bytes.length; read += more)
        more = readSync(fd, bytes, read, bytes.length - read, read);
      return bytes.subarray(0, read);
    } catch (error) {
      throw refused(this.#options.folder, error);
    }
  }

  #isMine(identity: FileIdentity | undefined): boolean {
    if (identity === undefined) return false;
    try {
      const there = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
      return there?.ino === identity.ino && there.dev === identity.dev;
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }

  #keepLost(): void {
    try {
      copyFileSync(this.#path, join(this.#options.folder, LOST_FILE));
    } catch (error) {
      throw refused(this.#options.folder, error);
    }
  }

  /** Of processes that were killed while they wrote one. */
  #removeLeftFiles(): void {
    const { folder } = this.#options;
    for (const name of readdirSync(folder)) {
      if (!NEW_FILE.test(name)) continue;
      const path = join(folder, name);
      const left = statSync(path, { throwIfNoEntry: false });
      if (left !== undefined && Date.now() - left.mtimeMs > LEFT_MILLIS) rmSync(path, { force: true });
    }
  }
}

function closeOld(old: OldFile | undefined): void {
  if (old !== undefined) closeSync(old.fd);
}

function sizeOf(fd: number): number {
  return fstatSync(fd).size;
}

/** Returns how many bytes there are. */
function writeAll(fd: number, records: Iterable<string>): number {
  let total = 0;
  let piece: Buffer[] = [];
  let pieceBytes = 0;
  const write = (): void => {
    const bytes = Buffer.concat(piece);
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    total += bytes.length;
    piece = [];
    pieceBytes = 0;
  };
  for (const record of records) {
    const line = lineOf(record);
    piece.push(line);
    pieceBytes += line.length;
    if (pieceBytes >= PIECE_BYTES) write();
  }
  write();
  return total;
}

function refused(folder: string, cause: unknown): MetricStoreError {
  return new MetricStoreError(
    'STATE_REFUSED',
    `the state in ${folder} cannot be read or written: ${textOf(cause)}`,
    {
      cause,
    },
  );
}
