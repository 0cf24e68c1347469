// How many values a variable of Argo has.
import { fixed, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';

/** What a name comes to that the place of the text gives a value. `undefined`: nobody knows there. */
export type NameSpread = (name: string) => Spread | undefined;

type Rule = readonly [pattern: RegExp, spread: (name: string) => Spread];

const counted =
  (count: number) =>
  (name: string): Spread =>
    fixed(count, [name]);
const perRun = (name: string): Spread => spreadOf('perRun', name);
const perNode = (name: string): Spread => spreadOf('perNode', name);
const number = (name: string): Spread => spreadOf('number', name);
const text = (name: string): Spread => spreadOf('text', name);

/** All phases that a node can have, and those of a workflow with the empty one before the first. */
const PHASES = 7;

/** The first that fits counts. */
const VARIABLES: readonly Rule[] = [
  [/^status$|^(?:steps|tasks)\..+\.status$/, counted(PHASES)],
  [/^workflow\.status$/, counted(PHASES - 1)],
  [/^lastRetry\.status$/, counted(PHASES)],
  [/^workflow\.creationTimestamp\.[Bbm]$/, counted(12)],
  [/^workflow\.creationTimestamp\.[Aa]$/, counted(7)],
  [/^workflow\.creationTimestamp\.d$/, counted(31)],
  [/^workflow\.creationTimestamp\.H$/, counted(24)],
  [/^workflow\.creationTimestamp\.I$/, counted(12)],
  [/^workflow\.creationTimestamp\.[MS]$/, counted(60)],
  [/^workflow\.creationTimestamp\.y$/, counted(100)],
  [/^workflow\.creationTimestamp\.p$/, counted(2)],
  [/^workflow\.creationTimestamp\.[Zz]$/, counted(1)],
  [/^workflow$|^workflow\.(?:name|uid)$/, perRun],
  [/^workflow\.(?:creationTimestamp|scheduledTime)(?:\.(?:s|RFC3339|L))?$/, perRun],
  [/^workflow\.annotations\..*scheduled-time$/, perRun],
  [/^(?:pod|node)\.name$|^(?:pod|node)$/, perNode],
  [/(?:^|\.)duration$/, number],
  [/^resourcesDuration(?:\.|$)/, number],
  [/(?:^|\.)outputs\.result$/, text],
  [/^(?:workflow\.failures|lastRetry\.message|lastRetry)$/, text],
  [/\.(?:startedAt|finishedAt)$/, text],
  [/^(?:steps|tasks)\..+\.(?:id|ip|hostNodeName)$/, perNode],
  [/^workflow\.(?:parameters|annotations|labels)(?:\.json)?$/, text],
  [/^(?:inputs|outputs|workflow\.outputs)(?:\.parameters)?$|^(?:steps|tasks)$/, text],
];

export function spreadOfVariable(name: string, place: NameSpread): Spread {
  return (
    place(name) ?? VARIABLES.find(([pattern]) => pattern.test(name))?.[1](name) ?? spreadOf('declared', name)
  );
}
