export interface EquivalentMutant {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly why: string | undefined;
}
export function equivalentMutants(text?: string): EquivalentMutant[];
