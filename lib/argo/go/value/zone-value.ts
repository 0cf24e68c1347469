import type { GoZone } from '../time/go-zone.js';
import { GoObject } from './go-value.js';
import { ZONE } from './nature.js';
import type { Value } from './value.js';

const NO_MEMBERS: Value = new Map();

/** A `*time.Location`. */
export function zoneValue(zone: GoZone): Value {
  return new GoObject(ZONE.type, zone.name, NO_MEMBERS, zone).asValue();
}

/** The zone that {@link zoneValue} made a value of. */
export function zoneOf(value: Value): GoZone | undefined {
  const object = value as unknown;
  return object instanceof GoObject && object.type === ZONE.type ? (object.inner as GoZone) : undefined;
}
