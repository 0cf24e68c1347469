/** Longer words are not compared: the work grows with the product of the lengths. */
const LENGTH_MAX = 64;
/** What differs by more letters is another word, however long it is. */
const DISTANCE_MAX = 3;

/** The candidate that differs by the fewest letters, when it is so close that it was probably meant. */
export function closestWord(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LENGTH_MAX) return undefined;
  let closest: string | undefined;
  let fewest = Math.min(DISTANCE_MAX, Math.max(1, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= fewest) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < fewest) [closest, fewest] = [candidate, distance];
  }
  return closest;
}

/** Letters to insert, remove, replace or exchange with their neighbour. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + cost);
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isExchange) best = Math.min(best, at(beforePrevious, j - 2) + 1);
      current.push(best);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
