// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
export { add, addAlone, init, initAlone, record, recordAlone, write, writeAlone } from "./record.as";
export { beat, giveRight, takeRight } from "./right.as";
export { drain, quiesce, settle, swap } from "./collect.as";
export { claimPlane, emptyHalf, endLease, sealHalf } from "./planes.as";
export { admit, admitStream, depart, find, reserveText, returnText, revive } from "./admit.as";
export { hashBegin, hashBlock, hashEnd, hashWord } from "./hash.as";
export { bury, clearBuckets, kill, nextIdle, renewOverflow, retire } from "./reclaim.as";
export { restore, restoreGroup } from "./restore.as";
