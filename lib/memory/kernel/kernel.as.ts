// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
export { add, addAlone, record, recordAlone, write, writeAlone } from "./record.as";
export { beat, drain, emptyHalf, giveRight, quiesce, sealHalf, settle, swap, takeRight } from "./collect.as";
export { admit, admitStream, find, reserveText, returnText, revive } from "./admit.as";
export { bury, clearBuckets, isExpired, kill, nextIdle, renewOverflow, retire } from "./reclaim.as";
