// One file that is only appended to: what could not be written waits, and what must be on the disk is waited for. Nothing
// here throws because of the disk.
import { closeSync, fdatasync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const syncFile = promisify(fdatasync);
const NOTHING = Buffer.alloc(0);

export interface JournalFileOptions {
  /** Gets what the disk said. */
  readonly onError: (error: unknown) => void;
  /** What waits for a full disk, at most. */
  readonly maxPendingBytes: number;
}

export class JournalFile {
  readonly #fd: number;
  readonly #options: JournalFileOptions;
  #pending: Buffer[] = [];
  /** Of the first one that waits, the bytes that are written. */
  #begun = 0;
  #pendingBytes = 0;
  #writtenBytes = 0;
  #syncedBytes = 0;
  #syncing: Promise<void> | undefined;
  #isBroken = false;
  #isClosed = false;

  /** @param fd is closed by `close` */
  constructor(fd: number, options: JournalFileOptions) {
    this.#fd = fd;
    this.#options = options;
  }

  /** What was appended, written or not. */
  get appendedBytes(): number {
    return this.#writtenBytes + this.#pendingBytes;
  }

  /** Something that was appended will never be in this file: another one must take its place. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** In this turn, unless the disk does not take it. */
  append(line: Buffer): void {
    if (this.#isBroken || this.#isClosed) return;
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    if (this.#write() || this.#pendingBytes <= this.#options.maxPendingBytes) return;
    this.#isBroken = true;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** Whether all that was appended until now is on the disk. Who asks in the same moment waits for the same. */
  async sync(): Promise<boolean> {
    if (this.#isBroken || this.#isClosed || !this.#write()) return false;
    const wanted = this.#writtenBytes;
    while (this.#syncedBytes < wanted && !this.#isBroken && !this.#isClosed)
      await (this.#syncing ??= this.#sync());
    return this.#syncedBytes >= wanted;
  }

  /** Once nobody waits for it any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const close = (): void => closeSync(this.#fd);
    if (this.#syncing === undefined) close();
    else void this.#syncing.then(close);
  }

  async #sync(): Promise<void> {
    const covered = this.#writtenBytes;
    try {
      await syncFile(this.#fd);
      this.#syncedBytes = covered;
    } catch (error) {
      // The system may have dropped what it could not write, and says so only once.
      this.#isBroken = true;
      this.#options.onError(error);
    } finally {
      this.#syncing = undefined;
    }
  }

  /** False if something still waits. A line of which a part was written goes on where it stopped. */
  #write(): boolean {
    let done = 0;
    try {
      for (; done < this.#pending.length; done++, this.#begun = 0) {
        const line = this.#pending[done] ?? NOTHING;
        while (this.#begun < line.length) {
          const written = writeSync(this.#fd, line, this.#begun, line.length - this.#begun);
          if (written === 0) throw new Error('the disk took nothing');
          this.#begun += written;
          this.#writtenBytes += written;
          this.#pendingBytes -= written;
        }
      }
      return true;
    } catch (error) {
      this.#options.onError(error);
      return false;
    } finally {
      this.#pending = done < this.#pending.length ? this.#pending.slice(done) : [];
    }
  }
}
