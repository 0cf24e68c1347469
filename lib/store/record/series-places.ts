// The series of a stream by the text of their attributes: text in, slot out. What finds, admits and removes them is the
// kernel; here is who comes again when the tables are being changed, and what is said when there is no room. One per stream
// and thread. Never throws.
import { ADMISSION_PATIENCE_MILLIS } from '../../limits.js';
import { AdmissionTries } from '../../memory/admission-tries.js';
import { hasEnded } from '../../memory/recorder.js';
import type { Region } from '../../memory/region.js';
import type { StatisticName } from '../../memory/statistics.js';
import {
  countOverflow,
  isInUse,
  liveWord,
  readSlot,
  readStream,
  slotsEnd,
  slotWord,
  streamAdmitted,
} from '../../memory/tables.js';
import { returnText, storeText, type StoredText } from '../../memory/text.js';
import * as words from '../../memory/words.js';
import { keyOf } from '../series/key.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import type { Place, SeriesHandle } from './series-handle.js';

export interface SeriesPlacesOptions {
  readonly region: Region;
  readonly now: () => number;
  /** Counts what did not happen, and says it once. */
  readonly refuse: (cause: StatisticName, detail: string) => void;
}

const REFUSALS = new Map<number, StatisticName>([
  [words.SLOTS_EXHAUSTED, 'slotsExhausted'],
  [words.HISTOGRAMS_EXHAUSTED, 'histogramsExhausted'],
]);

export class SeriesPlaces {
  readonly #stream: RegisteredStream;
  readonly #options: SeriesPlacesOptions;
  readonly #limit: number;

  constructor(stream: RegisteredStream, options: SeriesPlacesOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#limit = readStream(options.region, stream.index).limit;
  }

  /** The stream's overflow series. */
  overflow(): Place {
    const slot = this.#stream.index;
    return { slot, live: slotWord(this.#options.region, slot) };
  }

  /** The series of a handle once more: as it was, when it only began to retire. */
  readonly renew = ({ slot, live, text }: SeriesHandle): Place =>
    this.#options.region.kernel.revive(slot, live) === 0 ? this.admit(text) : { slot, live };

  /** Whether the series of a handle still has its slot. One that began to retire lives on. */
  has({ slot, live }: Place): boolean {
    const { region } = this.#options;
    return slotWord(region, slot) === live || region.kernel.revive(slot, live) !== 0;
  }

  /** The series of a text, which is admitted if it is new; the overflow series when there is no room. */
  admit(text: string): Place {
    const { region, now } = this.#options;
    const key = keyOf(`${this.#stream.index}${text}`);
    let stored: StoredText | undefined;
    const give = (place: Place): Place => {
      if (stored !== undefined) returnText(region, stored);
      return place;
    };
    for (const tries = new AdmissionTries(region); tries.next();) {
      // In this order: whoever makes room afterwards ends this place of the overflow series too. And who reads "full" first
      // and finds nothing afterwards is really not in.
      const elsewhere = this.overflow();
      const isFull = streamAdmitted(region, this.#stream.index) >= this.#limit;
      const found = region.kernel.find(...key);
      if (found >= 0n) {
        const place = this.#claim(found);
        if (place !== undefined) return give(place);
        continue;
      }
      if (found === BigInt(words.RETRY)) continue;
      // Nothing would ever be recorded into a new series; the recorder counts what comes.
      if (hasEnded(region)) return give(this.overflow());
      if (isFull) {
        // What was found full before the search may have been the removed series itself.
        if (slotWord(region, elsewhere.slot) !== elsewhere.live) continue;
        return give(this.#refuseSeries('overflowedSeries', elsewhere));
      }
      if (stored === undefined) {
        const answer = storeText(region, text);
        if (typeof answer === 'string') return this.#refuseSeries(answer, elsewhere);
        stored = answer;
      }
      const { address, length } = stored;
      const admitted = region.kernel.admit(...key, this.#stream.index, address, length, now());
      if (admitted >= CREATED) return placeOf(admitted);
      if (admitted < BigInt(words.RETRY))
        return give(this.#refuseSeries(REFUSALS.get(Number(admitted)) ?? 'overflowedSeries', elsewhere));
    }
    return give(this.#refuseSeries('contended', this.overflow()));
  }

  /** False when there is none. */
  remove(text: string): boolean {
    const { kernel } = this.#options.region;
    const key = keyOf(`${this.#stream.index}${text}`);
    for (const tries = new AdmissionTries(this.#options.region); tries.next();) {
      const found = kernel.find(...key);
      if (found === BigInt(words.NOT_FOUND)) return false;
      if (found === BigInt(words.RETRY)) continue;
      const { slot, live } = placeOf(found);
      return this.#depart(slot, live);
    }
    return this.#isBusy();
  }

  /** Removes all series but the overflow series. Returns how many there were. */
  clear(): number {
    const { region } = this.#options;
    let removed = 0;
    const end = slotsEnd(region);
    for (let slot = region.layout.maxStreams; slot < end; slot++) {
      const word = slotWord(region, slot);
      // A slot that was given to another stream meanwhile has another word.
      if (!isInUse(word) || readSlot(region, slot).stream !== this.#stream.index) continue;
      if (this.#depart(slot, liveWord(word))) removed++;
    }
    return removed;
  }

  /** A series that retires lives on, if this thread is in time. */
  #claim(found: bigint): Place | undefined {
    const { slot, live } = placeOf(found);
    const word = Number(found >> 32n);
    return word === live || this.#options.region.kernel.revive(slot, live) !== 0 ? { slot, live } : undefined;
  }

  #refuseSeries(cause: StatisticName, elsewhere: Place): Place {
    countOverflow(this.#options.region, this.#stream.index);
    const { name } = this.#stream.definition;
    this.#options.refuse(
      cause,
      `${name} ${this.#whyOf(cause)}: further attribute sets go to its overflow series`,
    );
    return elsewhere;
  }

  #whyOf(cause: StatisticName): string {
    const { maxSeries, maxLabelBytes } = this.#options.region.layout;
    switch (cause) {
      case 'contended':
        return `waited for other threads for ${ADMISSION_PATIENCE_MILLIS} ms`;
      case 'overflowedSeries':
        return `is full (limit ${this.#limit})`;
      case 'labelBytesExhausted':
        return `is full (maxLabelBytes ${maxLabelBytes})`;
      default:
        return `is full (maxSeries ${maxSeries})`;
    }
  }

  #depart(slot: number, live: number): boolean {
    const { region } = this.#options;
    for (const tries = new AdmissionTries(region); tries.next();) {
      const answer = region.kernel.depart(slot, live);
      if (answer !== words.RETRY) return answer === words.DONE;
    }
    return this.#isBusy();
  }

  #isBusy(): false {
    this.#options.refuse(
      'contended',
      `${this.#stream.definition.name}: a series was not removed, the store is busy`,
    );
    return false;
  }
}

const CREATED = 1n << BigInt(words.CREATED_SHIFT);

function placeOf(answer: bigint): Place {
  const word = Number((answer & (CREATED - 1n)) >> 32n);
  return { slot: Number(answer & 0xffffffffn), live: liveWord(word) };
}
