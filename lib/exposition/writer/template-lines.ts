// The lines of a series in both formats of text: what stands around labels and number.
import { escapeLabelValue } from '../names/escape.js';
import { isUtf8Name } from '../names/metric-name.js';
import type { TemplateLine } from './row-template.js';

/** A name as it stands outside of braces. */
export function writtenName(name: string): string {
  return isUtf8Name(name) ? `"${escapeLabelValue(name)}"` : name;
}

/** `name{labels} 1`, and `{"quoted.name",labels} 1`. A line without labels has no braces, unless the name needs them. */
export function sampleLine(name: string, column: number): TemplateLine {
  const begin = labelsBegin(name);
  const bare = begin.endsWith(',') ? `${begin.slice(0, -1)}} ` : `${name} `;
  return { head: begin, tail: '} ', bare, column, isCumulative: false };
}

/** @param le as it is written */
export function bucketLine(name: string, le: string, column: number, isCumulative: boolean): TemplateLine {
  const begin = labelsBegin(`${name}_bucket`);
  const end = `le="${le}"} `;
  return { head: begin, tail: `,${end}`, bare: `${begin}${end}`, column, isCumulative };
}

function labelsBegin(name: string): string {
  return isUtf8Name(name) ? `{${writtenName(name)},` : `${name}{`;
}
