// The series of a stream by the text of their attributes: text in, slot out. What finds, admits and removes them is the
// kernel; here is who comes again when the tables are being changed, and what is said when there is no room. One per stream
// and thread. Never throws.
import { ADMISSION_PATIENCE_MILLIS } from '../../limits.js';
import { AdmissionTries } from '../../memory/admission-tries.js';
import { EncodedText } from '../../memory/encoded-text.js';
import { hasEnded } from '../../memory/recorder.js';
import type { Region } from '../../memory/region.js';
import type { StatisticName } from '../../memory/statistics.js';
import {
  countOverflow,
  isInUse,
  isLive,
  liveWord,
  liveWordOf,
  readSlot,
  readStream,
  slotOf,
  slotsEnd,
  slotWord,
  streamAdmitted,
  type Key,
} from '../../memory/tables.js';
import { returnText, storeEncoded, type StoredText } from '../../memory/text.js';
import * as words from '../../memory/words.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import type { RefusedLabels } from './refused-labels.js';
import type { RefusedSets } from './refused-sets.js';
import type { Place, SeriesHandle } from './series-handle.js';

export interface SeriesPlacesOptions {
  readonly region: Region;
  readonly now: () => number;
  /** Counts what did not happen, and says it once. */
  readonly refuse: (cause: StatisticName, detail: string) => void;
}

/** What was found or admitted for a text. */
export interface AdmittedPlace extends Place {
  /** Whether it may go otherwise the next time: the series is new, was refused for the first time, or not in time. */
  readonly isFirst: boolean;
}

const REFUSALS = new Map<number, StatisticName>([
  [words.SLOTS_EXHAUSTED, 'slotsExhausted'],
  [words.HISTOGRAMS_EXHAUSTED, 'histogramsExhausted'],
]);

export class SeriesPlaces {
  readonly #stream: RegisteredStream;
  readonly #options: SeriesPlacesOptions;
  readonly #limit: number;
  readonly #refused: RefusedSets | undefined;
  readonly #sketched: RefusedLabels | undefined;

  /**
   * @param refused sets that were refused before: they are not counted again
   * @param sketched where those are counted that come for the first time
   */
  constructor(
    stream: RegisteredStream,
    options: SeriesPlacesOptions,
    refused?: RefusedSets,
    sketched?: RefusedLabels,
  ) {
    this.#stream = stream;
    this.#options = options;
    this.#refused = refused;
    this.#sketched = sketched;
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
    const encoded = EncodedText.take();
    encoded.put(text);
    const { slot, live } = this.admitEncoded(encoded);
    EncodedText.giveBack(encoded);
    return { slot, live };
  }

  /** As `admit`, and says whether it is the first time. */
  admitEncoded(text: EncodedText): AdmittedPlace {
    const { region, now } = this.#options;
    const { index } = this.#stream;
    const key = text.keyOf(region.kernel, index);
    const [a, b, c, d] = key;
    let stored: StoredText | undefined;
    const refuse = (cause: StatisticName, live: number): AdmittedPlace => {
      this.#giveBack(stored);
      // Who was not in time may have a series, or get one as soon as the tables are free.
      const isFirst = cause === 'contended' || (this.#refused?.isFirst(key) ?? true);
      if (isFirst) this.#refuse(cause);
      if (isFirst) this.#sketched?.add(text);
      return { slot: index, live, isFirst };
    };
    for (const tries = new AdmissionTries(region); tries.next();) {
      // In this order: whoever makes room afterwards ends this place of the overflow series too. And who reads "full" first
      // and finds nothing afterwards is really not in.
      const elsewhere = slotWord(region, index);
      const isFull = streamAdmitted(region, index) >= this.#limit;
      const found = region.kernel.find(a, b, c, d);
      if (found >= 0) {
        const place = this.#claim(found);
        if (place === undefined) continue;
        this.#giveBack(stored);
        return place;
      }
      if (found === words.RETRY) continue;
      // Nothing would ever be recorded into a new series; the recorder counts what comes.
      if (hasEnded(region)) {
        this.#giveBack(stored);
        return { slot: index, live: elsewhere, isFirst: false };
      }
      if (isFull) {
        // What was found full before the search may have been the removed series itself.
        if (slotWord(region, index) !== elsewhere) continue;
        return refuse('overflowedSeries', elsewhere);
      }
      if (stored === undefined) {
        const answer = storeEncoded(region, text);
        if (typeof answer === 'string') return refuse(answer, elsewhere);
        stored = answer;
      }
      const { address, length } = stored;
      const admitted = region.kernel.admit(a, b, c, d, index, address, length, now());
      if (admitted >= 0) return placeOf(admitted, true);
      if (admitted !== words.RETRY) return refuse(REFUSALS.get(admitted) ?? 'overflowedSeries', elsewhere);
    }
    return refuse('contended', slotWord(region, index));
  }

  /** False when there is none. */
  remove(text: string): boolean {
    const { kernel } = this.#options.region;
    const [a, b, c, d] = this.#keyOf(text);
    for (const tries = new AdmissionTries(this.#options.region); tries.next();) {
      const found = kernel.find(a, b, c, d);
      if (found === words.NOT_FOUND) return false;
      if (found === words.RETRY) continue;
      return this.#depart(slotOf(found), liveWordOf(found));
    }
    return this.#isBusy();
  }

  #keyOf(text: string): Key {
    const encoded = EncodedText.take();
    encoded.put(text);
    const key = encoded.keyOf(this.#options.region.kernel, this.#stream.index);
    EncodedText.giveBack(encoded);
    return key;
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
  #claim(found: number): AdmittedPlace | undefined {
    const place = placeOf(found, false);
    const { kernel } = this.#options.region;
    return isLive(found) || kernel.revive(place.slot, place.live) !== 0 ? place : undefined;
  }

  #giveBack(text: StoredText | undefined): void {
    if (text !== undefined) returnText(this.#options.region, text);
  }

  #refuse(cause: StatisticName): void {
    countOverflow(this.#options.region, this.#stream.index);
    const { name } = this.#stream.definition;
    this.#options.refuse(
      cause,
      `${name} ${this.#whyOf(cause)}: further attribute sets go to its overflow series`,
    );
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

function placeOf(place: number, isFirst: boolean): AdmittedPlace {
  return { slot: slotOf(place), live: liveWordOf(place), isFirst };
}
