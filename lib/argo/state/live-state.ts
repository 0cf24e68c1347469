// The state of a store and an observer that are at work, between two events.
import { CUSTOM_SCOPE } from '../../instruments/custom-instrument.js';
import { lastCut, saveSeries } from '../../store/save.js';
import type { StoreCore } from '../../store/store-core.js';
import type { CustomMetrics } from '../emit/custom-metrics.js';
import type { WorkflowObserver } from '../observe/workflow-observer.js';
import { heldBy } from './series-key.js';
import type { StateToSave } from './state-snapshot.js';

/** Under the right to collect, with nothing recorded since the cut. */
export function liveState(
  core: StoreCore,
  { customMetrics, observer }: { readonly customMetrics: CustomMetrics; readonly observer: WorkflowObserver },
  position: string | undefined,
): StateToSave {
  const streams = saveSeries(core, ({ verbatim, scope }) => verbatim && scope.name === CUSTOM_SCOPE);
  const held = Array.from(customMetrics.target.realtime.held(), report => heldBy(core, report));
  const { atUnixMillis } = lastCut(core);
  const { holder } = customMetrics.target;
  return { ...observer.save(), streams, held, position, holder, cutAt: atUnixMillis, at: atUnixMillis };
}
