// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// What turns numbers and label texts into bytes, in a small memory of the thread's own: nothing here is shared, so these
// functions may loop and call each other.
export { putNumber } from "./numbers.as";
export { putRows } from "./text-rows.as";
export { putLabels, sortTexts } from "./labels.as";
export { messageBytes, putMessages } from "./protobuf.as";
