import { parseJson, type ListedObject, type ParseJson } from './listed-object.js';
import { compareVersions } from './resource-version.js';

/** Of objects that are held to be put in order. A longer list is put in order in parts. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;

export interface InOrderOptions {
  readonly parse?: ParseJson | undefined;
  readonly heldBytesMax?: number;
}

/**
 * The objects of a list, which is sorted by name, by what came first: those that were seen before as they come, and then what
 * has changed, by version. Of two workflows that set one gauge, the later one counts.
 *
 * @param since everything up to this version was seen
 */
export async function* inVersionOrder(
  list: AsyncIterable<ListedObject>,
  since: string,
  { parse = parseJson, heldBytesMax = HELD_BYTES_MAX }: InOrderOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  let held: ListedObject[] = [];
  let heldBytes = 0;
  for await (const listed of list) {
    const { version, bytes, object } = listed;
    if (bytes.length === 0 || compareVersions(version, since) <= 0) {
      yield object;
      continue;
    }
    // As bytes, which take much less memory than objects.
    held.push({ object: undefined, version, bytes });
    heldBytes += bytes.length;
    if (heldBytes <= heldBytesMax) continue;
    yield* inOrder(held, parse);
    held = [];
    heldBytes = 0;
  }
  yield* inOrder(held, parse);
}

function* inOrder(held: ListedObject[], parse: ParseJson): Generator<unknown, void, undefined> {
  // What cannot be compared stays where it is.
  held.sort((a, b) => compareVersions(a.version, b.version) || 0);
  for (const { bytes } of held) yield parse(bytes);
}
