// Gives a store and an observer back what those of a process before had. Once, before the store's first collection and the
// observer's first object.
import {
  customDefinitionOf,
  type CustomInstrument,
  type CustomInstrumentDefinition,
} from '../../instruments/custom-instrument.js';
import { isMetricStoreError } from '../../errors.js';
import type { SavedSeries } from '../../store/restore.js';
import type { StreamDefinition } from '../../store/definition/stream.js';
import type { StoreCore } from '../../store/store-core.js';
import { parseAttributes } from '../../store/series/attributes.js';
import { HOLDER } from '../../store/series/known-series.js';
import type { CustomMetrics } from '../emit/custom-metrics.js';
import type { WorkflowObserver } from '../observe/workflow-observer.js';
import type { FoldedState } from './state-fold.js';

/**
 * With the definitions that the metrics have under the configuration of now: another time to live, or none at all. What is
 * recorded from now on is recorded under these, so a snapshot must have them too.
 */
export function asConfigured(
  folded: FoldedState,
  { core, customMetrics }: { readonly core: StoreCore; readonly customMetrics: CustomMetrics },
): FoldedState {
  const { places, instruments } = customMetrics.target;
  const definitions = new Map<string, StreamDefinition | undefined>();
  const configured = (definition: CustomInstrumentDefinition): StreamDefinition | undefined => {
    const { name } = definition;
    if (definitions.has(name)) return definitions.get(name);
    const wanted = places.restored(definition);
    if (wanted !== undefined) instruments.define(wanted);
    const stream = core.registry
      .all()
      .find(each => each.definition.verbatim && each.definition.name === name);
    definitions.set(name, wanted && stream?.definition);
    return definitions.get(name);
  };
  return {
    ...folded,
    streams: folded.streams.flatMap(stream => {
      const definition = configured(customDefinitionOf(stream.definition));
      return definition === undefined ? [] : [{ ...stream, definition }];
    }),
    held: folded.held.flatMap(report => {
      const definition = configured(report.definition);
      return definition === undefined ? [] : [{ ...report, definition: customDefinitionOf(definition) }];
    }),
  };
}

/**
 * @param failed gets why a metric cannot be given back; the others are
 * @throws MetricStoreError RESTORE_TOO_LATE
 */
export function restoreState(
  { streams, held, holder, ...remembered }: FoldedState,
  { customMetrics, observer }: { readonly customMetrics: CustomMetrics; readonly observer: WorkflowObserver },
  failed: (error: unknown) => void,
): void {
  const { instruments, realtime } = customMetrics.target;
  customMetrics.target.holder = holder;
  const defined = new Map<string, CustomInstrument | undefined>();
  const restore = (definition: CustomInstrumentDefinition, series: readonly SavedSeries[]): void => {
    defined.set(definition.name, undefined);
    try {
      const result = instruments.restore(definition, series);
      if ('instrument' in result) defined.set(definition.name, result.instrument);
      const lost = series.length - result.restored;
      if (lost > 0)
        failed(new Error(`${lost} series of ${definition.name} have no room any more: they are lost`));
    } catch (error) {
      if (isMetricStoreError(error) && error.code === 'RESTORE_TOO_LATE') throw error;
      failed(error);
    }
  };
  for (const { definition, series } of streams) restore(customDefinitionOf(definition), series);
  for (const { definition, text, ...report } of held) {
    if (!defined.has(definition.name)) restore(definition, []);
    const instrument = defined.get(definition.name);
    if (instrument === undefined) continue;
    const series = text === undefined ? instrument.overflow() : instrument.series(labelsIn(text), holder);
    realtime.restore({ ...report, series });
  }
  observer.restore(remembered);
}

function labelsIn(text: string): Readonly<Record<string, string>> {
  const { [HOLDER]: _, ...labels } = parseAttributes(text);
  return labels as Readonly<Record<string, string>>;
}
