export interface Mutant {
  readonly path: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}
export function mutantsOf(path: string, text: string): Mutant[];
