// Instruments that are asked for twice. All of them work; what differs is said, with a way out. Pure; any thread.
import type { StreamDefinition } from '../store/definition/stream.js';

/** One thing that two streams of a name disagree about. */
export interface InstrumentConflict {
  /** The same for the same conflict, so that it can be said once. */
  readonly subject: string;
  /** The specification wants an error for what is not obeyed, and a warning for what is. */
  readonly level: 'error' | 'warn';
  readonly message: string;
}

/** What of a stream is not as it was asked for, because somebody asked for the same one before. */
export function conflictsWithFirst(asked: StreamDefinition, first: StreamDefinition): InstrumentConflict[] {
  if (asked === first) return [];
  const conflicts: InstrumentConflict[] = [];
  const add = (field: string, level: InstrumentConflict['level'], message: string): void =>
    void conflicts.push({ subject: subjectOf(asked, field), level, message });
  // "The Meter MUST return an instrument using the first-seen instrument name and log an appropriate error."
  if (asked.name !== first.name)
    add(
      'name',
      'error',
      `the instrument ${quote(asked.name)} exists as ${quote(first.name)}: that name is used`,
    );
  // "The Meter MUST return an instrument using the first-seen advisory parameters and log an appropriate error."
  if (String(asked.boundaries) !== String(first.boundaries))
    add(
      'boundaries',
      'error',
      `the histogram ${quote(asked.name)} exists with the boundaries ${shorten(String(first.boundaries))}: these are ` +
        'used; ask for the same ones everywhere, or set them by a View',
    );
  if (asked.description !== first.description)
    add(
      'description',
      'warn',
      `the instrument ${quote(asked.name)} has the description ${quote(first.description)}, which is used, and was asked ` +
        `for with ${quote(asked.description)}: make them equal, or set one by a View, ${recipe(asked, 'description')}`,
    );
  return conflicts;
}

/** The first of the streams of the same name and scope that is another one: both are exported, under one name. */
export function conflictWithOther(
  asked: StreamDefinition,
  others: Iterable<StreamDefinition>,
): InstrumentConflict | undefined {
  for (const other of others) {
    if (other.verbatim || !isSameScope(asked, other)) continue;
    if (asked.name.toLowerCase() !== other.name.toLowerCase()) continue;
    const field = (['kind', 'unit', 'valueType'] as const).find(name => asked[name] !== other[name]);
    if (field === undefined) continue;
    return {
      subject: subjectOf(asked, field),
      level: 'warn',
      message:
        `the instrument ${quote(asked.name)} exists with the ${field} ${quote(String(other[field]))} and is now asked for ` +
        `with ${quote(String(asked[field]))}: both are exported under one name, which many back ends refuse; make them ` +
        `equal, or rename one by a View, ${recipe(asked, field)}`,
    };
  }
  return undefined;
}

/** A View that resolves the conflict, as text to copy. No selector tells integers from doubles. */
function recipe({ name, kind, unit }: StreamDefinition, field: keyof StreamDefinition): string {
  const selectors = {
    instrumentName: name,
    ...(field === 'kind' && { instrumentType: kind }),
    ...(field === 'unit' && { instrumentUnit: unit }),
  };
  const change = field === 'description' ? { description: '...' } : { name: `${name}.2` };
  return shorten(JSON.stringify({ ...selectors, ...change }));
}

function isSameScope({ scope: a }: StreamDefinition, { scope: b }: StreamDefinition): boolean {
  return a.name === b.name && a.version === b.version && a.schemaUrl === b.schemaUrl;
}

function subjectOf({ scope, name, kind }: StreamDefinition, field: string): string {
  return JSON.stringify(['duplicate', scope.name, name, kind, field]);
}

function quote(text: string): string {
  return shorten(JSON.stringify(text));
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
