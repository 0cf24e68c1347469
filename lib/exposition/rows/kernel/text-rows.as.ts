// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Rows of text: for each series the lines of one template, each a head, the labels, a tail and a number. A call goes as far
// as there is room, and says where it stopped, so that a row of very many lines goes on in the next chunk.
import { LINE_CUMULATIVE, LINE_SIZE, NEXT_LINE, NEXT_ROW, NUMBER_LENGTH_MAX } from "../row-layout";
import { putNumber } from "./numbers.as";

// By sixteen bytes: what is read and written behind the end is room that both sides have.
@inline
function put(to: usize, from: usize, length: usize): usize {
  let at: usize = 0;
  do {
    v128.store(to + at, v128.load(from + at));
    at += 16;
  } while (at < length);
  return to + length;
}

// Of a row that was begun already, what its lines before this one add up to.
function cumulativeBefore(template: usize, line: u32, row: usize): f64 {
  let sum: f64 = 0;
  for (let index: u32 = 0; index < line; index++) {
    const at = template + <usize>index * LINE_SIZE;
    if (load<u32>(at, LINE_CUMULATIVE) != 0) sum += load<f64>(row + (<usize>load<u32>(at, 24) << 3));
  }
  return sum;
}

// `template` is `lines` times LINE_SIZE bytes: head, labelless head and tail, each an address and a length, the column of
// the number, and whether it is a sum with those of the lines before. The labels of row r stand `offsets[r] - offsets[0]`
// behind `labels` and end where those of the next row begin. A row has `width` doubles in `data`. Returns the end of what was written from `to` on.
export function putRows(
  template: usize,
  lines: u32,
  labels: usize,
  offsets: usize,
  data: usize,
  width: u32,
  rows: u32,
  line: u32,
  to: usize,
  end: usize,
): usize {
  let at = to;
  const origin = labels - <usize>load<u32>(offsets);
  let numbers = data;
  let next = line;
  let row: u32 = 0;
  for (; row < rows; row++) {
    const offset = offsets + (<usize>row << 2);
    const text = origin + <usize>load<u32>(offset);
    const length = origin + <usize>load<u32>(offset, 4) - text;
    let sum: f64 = next == 0 ? 0 : cumulativeBefore(template, next, numbers);
    for (; next < lines; next++) {
      const entry = template + <usize>next * LINE_SIZE;
      const head = <usize>load<u32>(entry, 4);
      const bare = <usize>load<u32>(entry, 12);
      const tail = <usize>load<u32>(entry, 20);
      const needed = length == 0 ? bare : head + length + tail;
      if (at + needed + NUMBER_LENGTH_MAX + 1 > end) {
        store<u32>(NEXT_ROW, row);
        store<u32>(NEXT_LINE, next);
        return at;
      }
      if (length == 0) at = put(at, <usize>load<u32>(entry, 8), bare);
      else {
        at = put(at, <usize>load<u32>(entry), head);
        at = put(at, text, length);
        at = put(at, <usize>load<u32>(entry, 16), tail);
      }
      let value = load<f64>(numbers + (<usize>load<u32>(entry, 24) << 3));
      if (load<u32>(entry, LINE_CUMULATIVE) != 0) {
        sum += value;
        value = sum;
      }
      at += putNumber(at, value);
      store<u8>(at++, 10);
    }
    next = 0;
    numbers += <usize>width << 3;
  }
  store<u32>(NEXT_ROW, row);
  store<u32>(NEXT_LINE, 0);
  return at;
}
