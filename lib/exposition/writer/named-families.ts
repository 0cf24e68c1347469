import type { Attributes } from '@opentelemetry/api';
import { TimeSlice } from '../../guard/time-slice.js';
import type { CollectedStream } from '../../store/definition/stream.js';
import { FamilyMemory } from './family-memory.js';
import { viewOf } from '../labels/byte-words.js';
import { LabelBlockBuilder } from '../labels/label-block.js';
import { labelText } from '../labels/label-text.js';
import type { LabelRules } from '../labels/label-text.js';
import type { RowSection } from '../series/merge-rows.js';
import { metricFamilies } from '../names/metric-families.js';
import type { MetricFamily } from '../names/metric-families.js';
import { isUtf8Name, metricName } from '../names/metric-name.js';

/** The metric that carries the resource: Prometheus joins it to the others, so that they need not repeat it. */
const TARGET_INFO = 'target_info';
const TARGET_INFO_HELP = 'Target metadata';

/** A family with its series in order, ready to be written in any format. */
export interface NamedFamily extends Pick<MetricFamily, 'name' | 'type' | 'help' | 'unit'> {
  readonly sections: readonly RowSection[];
  readonly memory: FamilyMemory;
  /** It is ours, and no stream's. */
  readonly isTargetInfo: boolean;
}

export interface NamedFamilies {
  /** Sorted by name. */
  readonly families: readonly NamedFamily[];
  /** Some name or label key would be another one with UTF-8 names. */
  readonly needsUtf8Names: boolean;
}

/** Collections under names of one kind: of the old alphabet, or in UTF-8. It remembers the label texts of each series. */
export class FamilyNaming {
  readonly #utf8Names: boolean;
  readonly #warn: (subject: string, message: string) => void;
  readonly #targetInfo: FamilyMemory;
  #families = new Map<string, FamilyMemory>();

  constructor(utf8Names: boolean, warn: (subject: string, message: string) => void) {
    this.#utf8Names = utf8Names;
    this.#warn = warn;
    this.#targetInfo = new FamilyMemory(utf8Names, warn);
  }

  /** Makes what is new of the text, in short turns of this thread. One call at a time. */
  async name(streams: readonly CollectedStream[], resourceAttributes: Attributes): Promise<NamedFamilies> {
    let needsUtf8Names = false;
    const rules: LabelRules = {
      verbatim: false,
      isHistogram: false,
      utf8Names: this.#utf8Names,
      noteUtf8Key: () => {
        needsUtf8Names = true;
      },
      fixed: [],
    };
    const target = labelText(resourceAttributes, rules);
    const reserved = target === '' ? [] : [TARGET_INFO];
    const slice = new TimeSlice();
    const memories = new Map<string, FamilyMemory>();
    const families: NamedFamily[] = [];
    for (const family of metricFamilies(streams, reserved, this.#warn, this.#utf8Names)) {
      const { name, type, help, unit } = family;
      const key = JSON.stringify([name, type, help]);
      const memory =
        this.#families.get(key) ??
        new FamilyMemory(this.#utf8Names, (subject, message) =>
          this.#warn(`series of ${name}: ${subject}`, message),
        );
      memories.set(key, memory);
      const sections = await memory.sectionsOf(family, slice);
      families.push({ name, type, help, unit, memory, sections, isTargetInfo: false });
      needsUtf8Names ||= memory.needsUtf8Keys || hasUtf8Name(family);
      if (slice.isOver()) await slice.next();
    }
    // Taken over from the previous collection; of metrics that are gone nothing is kept.
    this.#families = memories;
    const whole = target === '' ? families : this.#withTargetInfo(families, target);
    return { families: whole, needsUtf8Names };
  }

  #withTargetInfo(families: readonly NamedFamily[], labels: string): NamedFamily[] {
    const builder = new LabelBlockBuilder();
    const text = Buffer.from(labels);
    builder.pushBytes(viewOf(text), 0, text.length);
    const section: RowSection = {
      boundaries: [],
      blocks: builder.finish(),
      positions: undefined,
      width: 1,
      numbers: Float64Array.of(1),
      starts: Float64Array.of(0),
    };
    const info: NamedFamily = {
      name: TARGET_INFO,
      type: 'gauge',
      help: TARGET_INFO_HELP,
      unit: '',
      sections: [section],
      memory: this.#targetInfo,
      isTargetInfo: true,
    };
    const later = families.findIndex(({ name }) => name > TARGET_INFO);
    return families.toSpliced(later < 0 ? families.length : later, 0, info);
  }
}

function hasUtf8Name({ streams }: MetricFamily): boolean {
  return streams.some(({ definition }) => isUtf8Name(metricName(definition, true)));
}
