// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// What the word of an aggregation says. Packed by lib/memory/aggregation.ts.
import { AGGREGATION_EXPLICIT_HISTOGRAM, AGGREGATION_KIND_MASK, AGGREGATION_WIDTH_SHIFT } from "../words";

@inline
export function kindOf(aggregation: i32): i32 {
  return aggregation & AGGREGATION_KIND_MASK;
}

/** Whether its numbers stand in an area of their own, a head and buckets, and not in a word of the slot. */
@inline
export function hasCell(aggregation: i32): bool {
  return kindOf(aggregation) >= AGGREGATION_EXPLICIT_HISTOGRAM;
}

/** Buckets of a histogram's cell. */
@inline
export function widthOf(aggregation: i32): u32 {
  return <u32>aggregation >> AGGREGATION_WIDTH_SHIFT;
}

/** The same in groups of eight: what its cells are kept by in the free lists. */
@inline
export function groupsOf(aggregation: i32): u32 {
  return (widthOf(aggregation) + 7) >> 3;
}
