import type { TimeSlice } from '../../guard/time-slice.js';
import { labelMaker } from '../labels/label-maker.js';
import { labelRules } from '../labels/label-text.js';
import { RowMerger } from '../series/merge-rows.js';
import type { RowSection } from '../series/merge-rows.js';
import type { MetricFamily } from '../names/metric-families.js';
import type { RowTemplate } from './row-template.js';
import { SeriesRows } from '../series/series-rows.js';
import type { FamilyLayout } from './text-layout.js';

/** A layout whose templates are made once. */
interface KeptLayout extends FamilyLayout {
  readonly templates: Map<string, RowTemplate>;
}

/** What is remembered of one metric name from one collection to the next. One call of `sectionsOf` at a time. */
export class FamilyMemory {
  readonly #merger: RowMerger;
  readonly #utf8Names: boolean;
  #rows = new Map<string, SeriesRows>();
  readonly #layouts = new Map<string, KeptLayout>();
  #needsUtf8Keys = false;
  readonly #noteUtf8Key = (): void => {
    this.#needsUtf8Keys = true;
  };

  constructor(utf8Names: boolean, warn: (subject: string, message: string) => void) {
    this.#merger = new RowMerger(warn);
    this.#utf8Names = utf8Names;
  }

  /** Of any series that was there. */
  get needsUtf8Keys(): boolean {
    return this.#needsUtf8Keys;
  }

  async sectionsOf({ streams }: MetricFamily, slice: TimeSlice): Promise<readonly RowSection[]> {
    const rowsOfStreams = new Map<string, SeriesRows>();
    const aligned = [];
    for (const [position, { definition, points }] of streams.entries()) {
      const rules = { ...labelRules(definition, this.#utf8Names), noteUtf8Key: this.#noteUtf8Key };
      const key = JSON.stringify([rules, position]);
      const rows = this.#rows.get(key) ?? new SeriesRows(labelMaker(rules));
      rowsOfStreams.set(key, rows);
      aligned.push(await rows.align(points.series, slice));
    }
    this.#rows = rowsOfStreams;
    return this.#merger.merge(streams, aligned, slice);
  }

  /** @param key of everything that the layout depends on, besides the family's name, type and text */
  layoutOf(key: string, make: () => FamilyLayout): FamilyLayout {
    const kept = this.#layouts.get(key) ?? keep(make());
    this.#layouts.set(key, kept);
    return kept;
  }
}

function keep({ head, templateOf }: FamilyLayout): KeptLayout {
  const templates = new Map<string, RowTemplate>();
  return {
    head,
    templates,
    templateOf: boundaries => {
      const key = boundaries.join();
      const template = templates.get(key) ?? templateOf(boundaries);
      templates.set(key, template);
      return template;
    },
  };
}
