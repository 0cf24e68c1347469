// The snapshots of one thread: those who read the same cut share one, and its memory is used again. One per thread and store.
import type { Region } from '../../memory/region.js';
import { Snapshot, type SnapshotParts } from '../../memory/snapshot.js';
import type { SeriesCatalog } from '../series/series-catalog.js';
import type { StreamRows } from '../series/series-rows.js';
import type { RightPace } from './right-pace.js';

/** A snapshot that somebody reads, without the right. */
export interface SnapshotInUse {
  readonly snapshot: Snapshot;
  /** All series that it has numbers of, and perhaps others. */
  readonly rows: readonly StreamRows[];
  /** Says that it is not read any more. Once. */
  giveBack(): void;
}

interface Shared {
  readonly right: number;
  readonly parts: SnapshotParts;
  readonly snapshot: Snapshot;
  readonly rows: readonly StreamRows[];
  users: number;
}

export class Snapshots {
  readonly #region: Region;
  readonly #catalog: SeriesCatalog;
  #newest: Shared | undefined;
  #spare: Snapshot | undefined;

  constructor(region: Region, catalog: SeriesCatalog) {
    this.#region = region;
    this.#catalog = catalog;
  }

  /**
   * Under the right: a copy as of this cut, all of whose series the catalog knows. Undefined when the right was lost. Whoever
   * asks again under the same right gets the same one.
   */
  async take(pace: RightPace, parts: SnapshotParts): Promise<SnapshotInUse | undefined> {
    const newest = this.#newest;
    if (newest?.right === pace.right && newest.users > 0 && hasAll(newest.parts, parts))
      return this.#use(newest);
    const snapshot = this.#spare ?? new Snapshot();
    this.#spare = undefined;
    const isWhole =
      (await pace.through(snapshot.copy(this.#region, parts))) &&
      (await pace.through(this.#catalog.update(snapshot.words, 0, snapshot.end))) &&
      (await pace.through(this.#catalog.sort()));
    if (!isWhole) {
      this.#spare = snapshot;
      return undefined;
    }
    this.#newest = { right: pace.right, parts, snapshot, rows: this.#catalog.rows, users: 0 };
    return this.#use(this.#newest);
  }

  #use(shared: Shared): SnapshotInUse {
    shared.users++;
    let isUsed = true;
    return {
      snapshot: shared.snapshot,
      rows: shared.rows,
      giveBack: () => {
        if (!isUsed) return;
        isUsed = false;
        if (--shared.users === 0) this.#spare = shared.snapshot;
      },
    };
  }
}

function hasAll(parts: SnapshotParts, wanted: SnapshotParts): boolean {
  return (parts.firstSeen || !wanted.firstSeen) && (parts.usedAt || !wanted.usedAt);
}
