// Environment variables, read as OpenTelemetry's specification wants it: what is empty is not set, and what cannot be understood is
// a warning, and not set.
import { shown } from '../guard/option-checks.js';

export class Environment {
  /** What is wrong, in the order in which it was read. */
  readonly warnings: string[] = [];
  readonly #values: Readonly<Record<string, string | undefined>>;

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const text = this.#values[name]?.trim();
    return text === '' ? undefined : text;
  }

  /** The first of them that is set. */
  firstText(...names: string[]): string | undefined {
    return names.map(name => this.text(name)).find(text => text !== undefined);
  }

  /** In lower case, without what is empty. Undefined: there is nothing. */
  list(name: string): string[] | undefined {
    const items = (this.text(name) ?? '')
      .split(',')
      .map(item => item.trim().toLowerCase())
      .filter(item => item !== '');
    return items.length === 0 ? undefined : items;
  }

  flag(name: string): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text !== undefined && text !== 'true' && text !== 'false')
      this.warn(name, 'true or false', text, 'false');
    return text === 'true';
  }

  whole(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    this.warn(name, `a whole number from ${min} to ${max}`, text);
    return undefined;
  }

  /** One of the words, in lower case. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name)?.toLowerCase();
    const word = words.find(known => known === text);
    if (text !== undefined && word === undefined) this.warn(name, `one of ${words.join(', ')}`, text);
    return word;
  }

  warn(name: string, bound: string, got: string, used = 'the default'): void {
    this.warnings.push(`${name} must be ${bound}, got ${shown(got)}: ${used} is used`);
  }
}
