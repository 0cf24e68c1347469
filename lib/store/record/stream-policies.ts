// The policies of a stream's labels as a thread gets them: of each limited label the places of its values are registered, as
// a hidden stream that all threads find by the number of the visible one and the label.
import type { LabelRule } from '../definition/label-rule.js';
import type { StreamDefinition } from '../definition/stream.js';
import { LabelPolicies, LabelPolicy } from './label-policies.js';
import { RuledLabel } from './ruled-label.js';
import { ValuePlaces } from './value-places.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import type { SeriesPlacesOptions } from './series-places.js';

interface StreamPoliciesOptions {
  readonly placesOptions: SeriesPlacesOptions;
  readonly maxLabelValueLength: number;
  /** Finds a stream or registers it; undefined when the store has no room for it, which is counted and said. */
  readonly register: (definition: StreamDefinition) => RegisteredStream | undefined;
}

export function policiesOf(
  stream: RegisteredStream,
  rules: readonly LabelRule[],
  { placesOptions, maxLabelValueLength, register }: StreamPoliciesOptions,
): LabelPolicies {
  const onFault = (detail: string): void =>
    placesOptions.refuse('attributes', `${stream.definition.name}: ${detail}`);
  return new LabelPolicies(
    rules.map(rule => {
      const { label, maxValues } = rule;
      const ruled = new RuledLabel(rule, { maxLabelValueLength, onFault });
      // Without room for it, which is counted and said, no value has a place.
      const places =
        maxValues === undefined ? undefined : register(placesDefinition(stream, label, maxValues));
      return new LabelPolicy(ruled, places && new ValuePlaces(places, placesOptions, maxLabelValueLength));
    }),
  );
}

function placesDefinition(stream: RegisteredStream, label: string, limit: number): StreamDefinition {
  return {
    // A name that is shown only where the store has no room.
    ...{ scope: { name: `stream ${stream.index}` }, name: `the label ${label} of ${stream.definition.name}` },
    ...{ description: '', unit: '', kind: 'COUNTER', valueType: 1, boundaries: [], verbatim: false },
    ...{ limit, hidden: true, valuesOf: { stream: stream.index, label } },
  };
}
